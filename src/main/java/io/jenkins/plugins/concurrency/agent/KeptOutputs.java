package io.jenkins.plugins.concurrency.agent;

import hudson.FilePath;
import hudson.Launcher;
import hudson.model.Run;
import hudson.remoting.VirtualChannel;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeDetail;
import io.jenkins.plugins.concurrency.engine.pool.PoolSettings;
import io.jenkins.plugins.concurrency.engine.pool.output.KeptFolder;
import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jenkins.MasterToSlaveFileCallable;
import jenkins.util.BuildListenerAdapter;

/** Copies the whole outputs of a run's commands from the agent to the artifacts of the build. */
public final class KeptOutputs {

    private KeptOutputs() {}

    /**
     * Whether a run keeps outputs.
     *
     * @param build the run's files in the build directory
     */
    public static boolean areWanted(RunFiles build) {
        if (!Files.exists(build.spec())) { // gone after the end
            return false;
        }
        PoolSettings pool;
        try {
            pool = build.readSpec().work().pool();
        } catch (IOException e) {
            return true; // written by another version of the plugin: whatever the run has kept is archived
        }
        return pool != null && pool.commands().output().keepAs() != null;
    }

    /**
     * Makes artifacts of everything that a run has kept, as a stream. Waits until that is done. May be repeated.
     *
     * @param folder of the agent; may be missing
     * @throws IOException if they can't be read, or not stored
     */
    public static void archive(FilePath folder, Run<?, ?> owner, RunHandle.Observer observer)
            throws IOException, InterruptedException {
        synchronized (observer) { // its branches may be ending
            archive(folder, folder.act(new Names()), owner, observer);
        }
    }

    /**
     * Makes artifacts of the kept outputs of some branches while the run continues, and removes these from the agent.
     * Waits until that is done. May be repeated.
     *
     * @throws IOException if they can't be read, or not stored
     */
    public static void archive(FilePath folder, List<Outcome> ended, Run<?, ?> owner, RunHandle.Observer observer)
            throws IOException, InterruptedException {
        Set<Object> names = new HashSet<>();
        for (Outcome outcome : ended) {
            names.add(outcome.details().get(OutcomeDetail.STDOUT_FILE));
            names.add(outcome.details().get(OutcomeDetail.STDERR_FILE));
        }
        synchronized (observer) {
            List<String> files = folder.act(new Names()).stream().filter(names::contains).toList();
            archive(folder, files, owner, observer);
            for (String file : files) {
                folder.child(file).delete();
            }
        }
    }

    private static void archive(FilePath folder, Collection<String> found, Run<?, ?> owner, RunHandle.Observer observer)
            throws IOException, InterruptedException {
        Map<String, String> files = found.stream()
                .filter(KeptFolder::isKept) // an agent can say anything
                .collect(Collectors.toMap(file -> file, file -> file));
        if (files.size() < found.size()) {
            observer.warn((found.size() - files.size()) + " kept outputs have unexpected file names; they are not archived");
        }
        if (!files.isEmpty()) {
            // The step has no launcher as long as its context does not know that the agent is connected again.
            Launcher own = observer.launcher();
            Launcher launcher = own == null ? folder.createLauncher(observer.listener()) : own;
            owner.pickArtifactManager().archive(folder, launcher, BuildListenerAdapter.wrap(observer.listener()), files);
        }
    }

    /** Lists the files of a folder by their names relative to it. */
    private static final class Names extends MasterToSlaveFileCallable<ArrayList<String>> {
        private static final long serialVersionUID = 1;

        @Override
        public ArrayList<String> invoke(File folder, VirtualChannel channel) throws IOException {
            Path root = folder.toPath();
            if (!Files.isDirectory(root)) {
                return new ArrayList<>();
            }
            try (Stream<Path> all = Files.walk(root)) {
                List<String> names = all.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
                        .map(file -> root.relativize(file).toString().replace(File.separatorChar, '/'))
                        .sorted()
                        .toList();
                return new ArrayList<>(names);
            }
        }
    }
}
