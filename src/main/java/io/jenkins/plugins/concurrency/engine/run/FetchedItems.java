package io.jenkins.plugins.concurrency.engine.run;

import io.jenkins.plugins.concurrency.engine.json.Json;
import io.jenkins.plugins.concurrency.engine.json.JsonObject;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeDetail;
import io.jenkins.plugins.concurrency.engine.run.file.AtomicFile;
import io.jenkins.plugins.concurrency.engine.schedule.Branch;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntPredicate;

/**
 * Bodies that were fetched and are not processed yet, each in a file. So a text that waits needs no memory, and nothing
 * is fetched again when the process dies. Many threads may use it, for different branches.
 */
final class FetchedItems {

    private static final String SUFFIX = ".json";

    private final Path folder;

    /** @param folder is created if it is missing */
    FetchedItems(Path folder) throws IOException {
        this.folder = Files.createDirectories(folder);
    }

    /**
     * What another process has left, in the order of the branches. Removes incomplete files, and those of branches that
     * have ended.
     *
     * @throws IOException if the folder can't be read
     */
    SortedMap<Integer, FetchedBranch> remaining(IntPredicate ended) throws IOException {
        SortedMap<Integer, FetchedBranch> left = new TreeMap<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                int index = name.endsWith(SUFFIX)
                        ? Integer.parseInt(name.substring(0, name.length() - SUFFIX.length()))
                        : -1;
                if (index < 0 || ended.test(index)) {
                    Files.delete(file);
                } else {
                    left.put(index, withoutDetails(read(index)));
                }
            }
        }
        return left;
    }

    /**
     * Writes the file of a branch.
     *
     * @throws IOException if it can't be written
     */
    FetchedBranch keep(Outcome fetch) throws IOException {
        try {
            AtomicFile.writePrivate(file(fetch.index()), Json.writeBytes(fetch.toJson()));
        } catch (IOException e) {
            throw new IOException("can't save the fetched body: " + FailureText.of(e), e);
        }
        return withoutDetails(fetch);
    }

    /**
     * Reads the file of a branch.
     *
     * @throws IOException if it can't be read
     */
    Outcome read(int index) throws IOException {
        byte[] json = Files.readAllBytes(file(index));
        return Outcome.fromJson(new JsonObject(Json.parseObject(json, 0, json.length)));
    }

    /** Called when the branch has ended. */
    void remove(int index) throws IOException {
        Files.deleteIfExists(file(index));
    }

    private Path file(int index) {
        return folder.resolve(index + SUFFIX);
    }

    private static FetchedBranch withoutDetails(Outcome fetch) {
        Map<String, Object> details = new LinkedHashMap<>(fetch.details());
        details.keySet().retainAll(List.of(OutcomeDetail.WORKER, OutcomeDetail.TRIES));
        return new FetchedBranch(fetch.with(details));
    }

    /**
     * A branch whose fetch has succeeded.
     *
     * @param fetch its result without the body, which is on the disk: see {@link FetchedItems}
     */
    record FetchedBranch(Outcome fetch) implements Branch {

        @Override
        public int index() {
            return fetch.index();
        }

        @Override
        public String name() {
            return fetch.name();
        }
    }
}
