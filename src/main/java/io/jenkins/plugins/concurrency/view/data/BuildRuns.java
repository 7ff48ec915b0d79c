package io.jenkins.plugins.concurrency.view.data;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.json.Json;
import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import io.jenkins.plugins.concurrency.engine.run.RunSpec;
import java.io.IOException;
import java.lang.ref.SoftReference;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The runs of a build. Safe for use by many threads. */
public final class BuildRuns {

    /** Journals are read at most this often, however many pages ask. */
    private static final long FRESH_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** The branches of a build may use the heap divided by this. Further branches are only counted. */
    private static final int SHARE_OF_HEAP = 8;

    private static final int BYTES_OF_BRANCH = 200;
    private static final int FEWEST_BRANCHES = 50_000;
    private static final int MOST_BRANCHES = 1_000_000;

    private final AtomicInteger room = new AtomicInteger((int) Math.max(
            FEWEST_BRANCHES,
            Math.min(MOST_BRANCHES, Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP / BYTES_OF_BRANCH)));

    private final Path folder;
    private final AnswerCache answers = new AnswerCache();

    // Guarded by this.
    private final Map<String, RunIndex> runs = new TreeMap<>();
    private List<RunIndex> inOrder = List.of();
    private long refreshedNanos;

    /** Whether the journals were read after the build's end. */
    private boolean ended;

    /** Whether nothing more can be written. */
    private boolean complete;

    /** Read without the lock, so that no request waits while a journal is read. */
    private volatile int size;

    public BuildRuns(Path buildDirectory) {
        this.folder = folder(buildDirectory);
    }

    private static Path folder(Path buildDirectory) {
        return buildDirectory.resolve(RunFiles.FOLDER);
    }

    /** Whether a build has runs. Only checks whether a folder exists. */
    public static boolean hasAny(Path buildDirectory) {
        return Files.isDirectory(folder(buildDirectory));
    }

    /**
     * Reads what has been written since the last time, unless that was just now. If a run was ended by force, its last
     * lines are written after the build's end.
     *
     * @param building whether more runs may begin
     * @throws IOException if a journal can't be read
     */
    public synchronized void refresh(boolean building) throws IOException {
        long now = System.nanoTime();
        if (complete || !inOrder.isEmpty() && now - refreshedNanos < FRESH_NANOS && (building || ended)) {
            return;
        }
        boolean found = !ended && findRuns();
        for (RunIndex run : runs.values()) {
            run.refresh();
        }
        if (found) {
            inOrder = new ArrayList<>(runs.values());
            inOrder.sort(Comparator.comparingLong(RunIndex::startedMillis));
        }
        size = runs.values().stream().mapToInt(RunIndex::size).sum();
        refreshedNanos = System.nanoTime();
        ended = !building;
        complete = ended && runs.values().stream().allMatch(RunIndex::isOver);
    }

    private boolean findRuns() throws IOException {
        boolean found = false;
        for (RunFiles files : runsIn(folder)) {
            String id = String.valueOf(files.directory().getFileName());
            if (!runs.containsKey(id)) {
                runs.put(id, new RunIndex(files, room));
                found = true;
            }
        }
        return found;
    }

    /** The directories of a build's runs. */
    static List<RunFiles> runsOf(Path buildDirectory) throws IOException {
        return runsIn(folder(buildDirectory));
    }

    private static List<RunFiles> runsIn(Path folder) throws IOException {
        List<RunFiles> found = new ArrayList<>();
        try (DirectoryStream<Path> directories = Files.newDirectoryStream(folder)) {
            for (Path directory : directories) {
                if (RunSpec.isId(String.valueOf(directory.getFileName())) && Files.isDirectory(directory)) {
                    found.add(new RunFiles(directory));
                }
            }
        } catch (NoSuchFileException e) {
            // no step has been started yet
        }
        return found;
    }

    /** The runs in the order in which they were started. */
    public synchronized List<RunIndex> all() {
        return List.copyOf(inOrder);
    }

    /** A run by its id; {@code null} if there is none. */
    @CheckForNull
    public synchronized RunIndex get(String id) {
        return runs.get(id);
    }

    /** Grows whenever something new is read. */
    public long version() {
        long version = 0;
        for (RunIndex run : all()) {
            version += 1 + run.version();
        }
        return version;
    }

    @FunctionalInterface
    public interface Answer {
        Map<String, Object> make() throws IOException;
    }

    /**
     * An answer. It is made once for all that ask the same question about the same version.
     *
     * @param version the {@link #version()}, and what else an answer depends on
     * @param question the complete question
     */
    public JsonAnswer answer(String version, String question, Answer answer) throws IOException {
        return answers.get(version, question, () -> Json.writeBytes(answer.make()));
    }

    /** How many branches have ended. */
    int size() {
        return size;
    }

    /** Caches answers. If many pages ask the same question about the same version, the answer is made once. Thread-safe. */
    private static final class AnswerCache {

        private static final int MAX_ANSWERS = 24;
        private static final int MAX_BYTES = 512 * 1024;

        @FunctionalInterface
        interface Maker {
            byte[] make() throws IOException;
        }

        // Guarded by this.
        private String version = "";
        private final Map<String, JsonAnswer> answers = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, JsonAnswer> eldest) {
                return super.size() > MAX_ANSWERS;
            }
        };

        /** The answer to a question. If there is none of this version, it is made now and other requests wait. */
        synchronized JsonAnswer get(String asked, String question, Maker maker) throws IOException {
            if (!asked.equals(version)) {
                answers.clear();
                version = asked;
            }
            JsonAnswer known = answers.get(question);
            if (known != null) {
                return known;
            }
            JsonAnswer made = new JsonAnswer(maker.make());
            if (made.plain().length <= MAX_BYTES) {
                answers.put(question, made);
            }
            return made;
        }
    }

    /**
     * Caches the runs of the builds that were viewed last. So the next request does not read journals again. It has some
     * hundred thousand branches at most, and is emptied when memory is needed. Thread-safe.
     */
    public static final class Cache {

        private static final int MAX_BUILDS = 100;
        private static final int MAX_BRANCHES = 500_000;

        /** The build that was asked for last is the last one. Guarded by this. */
        private final Map<Path, SoftReference<BuildRuns>> builds = new LinkedHashMap<>(16, 0.75f, true);

        /** The runs of a build, from the cache if it has them. The caller must refresh them. */
        public synchronized BuildRuns get(Path buildDirectory) {
            SoftReference<BuildRuns> held = builds.get(buildDirectory);
            BuildRuns known = held == null ? null : held.get();
            if (known != null) {
                return known;
            }
            BuildRuns created = new BuildRuns(buildDirectory);
            builds.put(buildDirectory, new SoftReference<>(created));
            shrink(created);
            return created;
        }

        private void shrink(BuildRuns newest) {
            long branches = 0;
            for (SoftReference<BuildRuns> held : builds.values()) {
                branches += size(held);
            }
            Iterator<SoftReference<BuildRuns>> oldest = builds.values().iterator();
            int count = builds.size();
            while (oldest.hasNext() && (count > MAX_BUILDS || branches > MAX_BRANCHES)) {
                SoftReference<BuildRuns> held = oldest.next();
                if (held.get() == newest) {
                    break;
                }
                branches -= size(held);
                oldest.remove();
                count--;
            }
        }

        private static int size(SoftReference<BuildRuns> held) {
            BuildRuns runs = held.get();
            return runs == null ? 0 : runs.size();
        }
    }
}
