package io.jenkins.plugins.concurrency.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.FilePath;
import hudson.remoting.VirtualChannel;
import io.jenkins.plugins.concurrency.engine.fetch.file.DirectoryContainment;
import io.jenkins.plugins.concurrency.engine.journal.JournalLines;
import io.jenkins.plugins.concurrency.engine.junit.JunitWriter;
import io.jenkins.plugins.concurrency.engine.names.LocalPath;
import io.jenkins.plugins.concurrency.engine.run.FailureText;
import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import io.jenkins.plugins.concurrency.steps.log.LogText;
import io.jenkins.plugins.concurrency.steps.log.RunProgress;
import io.jenkins.plugins.concurrency.steps.log.StepLabel;
import io.jenkins.plugins.concurrency.steps.secret.ContextSecrets;
import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.MasterToSlaveFileCallable;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/**
 * The file into which a step writes its branches as test results, in its directory. It is there as a whole or not at
 * all, and may be written again. All that waits for the agent is done on threads of the agent's.
 */
public final class JunitFile {

    private static final Logger LOGGER = Logger.getLogger(JunitFile.class.getName());

    private final StepContext context;
    private final StepLabel label;
    private final RunFiles files;
    private final RunProgress progress;
    private final BooleanSupplier isOver;
    private final Consumer<String> afterwards;

    private JunitFile(
            StepContext context,
            StepLabel label,
            RunFiles files,
            RunProgress progress,
            BooleanSupplier isOver,
            Consumer<String> afterwards) {
        this.context = context;
        this.label = label;
        this.files = files;
        this.progress = progress;
        this.isOver = isOver;
        this.afterwards = afterwards;
    }

    /**
     * Checks that the file can be written to its place. Waits for the agent.
     *
     * @throws IOException if it can't; with a message of one line
     */
    static void check(StepContext context, String path) throws IOException, InterruptedException {
        FilePath directory = context.get(FilePath.class);
        if (directory != null) {
            directory.act(new TargetCheck("junit: ", path, false));
        }
    }

    /**
     * Writes the file on another thread. Returns at once.
     *
     * @param files contain the whole journal
     * @param progress has counted all branches of the journal
     * @param isOver whether the file is no longer needed
     * @param afterwards called with {@code null} when the file is written, or with one line that says why it is not
     */
    public static void write(
            StepContext context,
            StepLabel label,
            RunFiles files,
            RunProgress progress,
            BooleanSupplier isOver,
            Consumer<String> afterwards) {
        new JunitFile(context, label, files, progress, isOver, afterwards).begin();
    }

    private void begin() {
        StepDirectory.use(context, isOver, this::write, problem -> afterwards.accept(problem == null ? null : reason(problem)));
    }

    private String reason(Throwable problem) {
        String reason = LogText.line(FailureText.of(problem));
        LOGGER.log(Level.FINE, problem, () -> "can't write the test results of " + label.text());
        return masked(label.text() + ": junit: '" + label.junit() + "' can't be written: " + reason);
    }

    private String masked(String text) {
        try {
            return ContextSecrets.of(context).mask().text(text);
        } catch (IOException | InterruptedException e) {
            LOGGER.log(Level.FINE, e, () -> "no environment of " + label.text());
            return label.text() + ": junit: the file can't be written";
        }
    }

    private void write(FilePath directory) throws IOException, InterruptedException {
        directory.act(new TargetCheck("", label.junit(), true));
        FilePath target = directory.child(label.junit());
        FilePath temporary = target.sibling("." + files.directory().getFileName() + ".junit");
        try {
            try (Writer out = new BufferedWriter(new OutputStreamWriter(temporary.write(), StandardCharsets.UTF_8))) {
                writeTo(out);
            }
            temporary.act(new Replacement(target.getName()));
        } catch (IOException | InterruptedException | RuntimeException e) {
            try {
                temporary.delete();
            } catch (IOException | InterruptedException again) {
                e.addSuppressed(again);
            }
            throw e;
        }
    }

    private void writeTo(Writer out) throws IOException {
        JunitWriter xml = new JunitWriter(out, progress.suite());
        JournalLines.visitOutcomes(files.journal(), Long.MAX_VALUE, xml::add);
        xml.finish();
    }

    /** Checks a path and its symbolic links. Creates missing directories if asked. */
    private static final class TargetCheck extends MasterToSlaveFileCallable<Void> {
        private static final long serialVersionUID = 1;

        private final String prefix;
        private final String path;
        private final boolean make;

        TargetCheck(String prefix, String path, boolean make) {
            this.prefix = prefix;
            this.path = path;
            this.make = make;
        }

        @Override
        @CheckForNull
        public Void invoke(File directory, VirtualChannel channel) throws IOException {
            Path base = directory.toPath();
            Path target = LocalPath.of(directory.getPath() + File.separator + path);
            if (make) {
                Files.createDirectories(base);
            } else if (!Files.exists(base)) {
                return null; // there are no links in it yet
            }
            Path there = DirectoryContainment.nearestExisting(target.getParent());
            if (!new DirectoryContainment(base).holds(there)) {
                throw new IOException(prefix + "'" + path + "' leads out of the workspace by a symbolic link");
            }
            if (!Files.isDirectory(there)) {
                throw new IOException(prefix + "'" + path + "' is below a file, " + there);
            }
            if (Files.isDirectory(target)) {
                throw new IOException(prefix + "'" + path + "' is a directory");
            }
            if (make) {
                Files.createDirectories(target.getParent());
            }
            return null;
        }
    }

    /** Renames a file in its directory. Replaces a file that has the new name. */
    private static final class Replacement extends MasterToSlaveFileCallable<Void> {
        private static final long serialVersionUID = 1;

        private final String name;

        Replacement(String name) {
            this.name = name;
        }

        @Override
        @CheckForNull
        public Void invoke(File file, VirtualChannel channel) throws IOException {
            Path from = file.toPath();
            Files.move(from, from.resolveSibling(name), StandardCopyOption.ATOMIC_MOVE);
            return null;
        }
    }
}
