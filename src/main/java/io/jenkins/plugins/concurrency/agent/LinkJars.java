package io.jenkins.plugins.concurrency.agent;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.remoting.VirtualChannel;
import java.io.File;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import jenkins.MasterToSlaveFileCallable;

/** Puts jars of the agent's cache into a run directory, which containers share: as links, or else as copies. */
final class LinkJars extends MasterToSlaveFileCallable<ArrayList<String>> {

    private static final long serialVersionUID = 1;

    private final ArrayList<String> jars;

    LinkJars(@NonNull List<String> jars) {
        this.jars = new ArrayList<>(jars);
    }

    @Override
    public ArrayList<String> invoke(File runDirectory, VirtualChannel channel) throws IOException {
        Path directory = Files.createDirectories(runDirectory.toPath().resolve("lib"));
        ArrayList<String> linked = new ArrayList<>();
        for (String jar : jars) {
            Path source = Path.of(jar);
            Path target = directory.resolve(source.getFileName());
            put(source, target);
            linked.add(target.toString());
        }
        return linked;
    }

    private static void put(Path source, Path target) throws IOException {
        if (Files.exists(target)) {
            return;
        }
        try {
            Files.createLink(target, source);
        } catch (FileAlreadyExistsException e) {
            // by another worker of the run, meanwhile
        } catch (IOException | UnsupportedOperationException e) {
            Files.copy(source, target);
        }
    }
}
