package io.jenkins.plugins.concurrency.bench.session;

import io.jenkins.plugins.concurrency.bench.process.Children;
import io.jenkins.plugins.concurrency.bench.process.Scratch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A build by {@code embedded/run}, in a process of its own as users start it. Its script prints {@code measured N ms}
 * for each step that it takes the time of.
 */
public final class EmbeddedBuild {

    private static final Pattern MEASURED = Pattern.compile("measured (\\d+) ms");

    private final Session session;
    private final Path embedded = Path.of(System.getProperty("embedded.basedir"));
    private final Path jenkinsfile;
    private final Path workspace;

    /** @throws IOException if the script can't be written */
    public EmbeddedBuild(Session session, String script) throws IOException {
        this.session = session;
        this.workspace = session.scratch().file("workspace");
        // the home directory of builds is everybody's: a name that no other job has
        String job = session.scratch().root().getFileName() + "-" + session.scratch().file("job").getFileName();
        this.jenkinsfile = Files.writeString(session.scratch().root().resolve(job + ".Jenkinsfile"), script);
    }

    /**
     * Runs it.
     *
     * @param keep for how many minutes what does the work of steps is kept for the next build
     * @return the seconds that it has measured, and at last those of the whole process
     * @throws IOException if the build does not succeed
     */
    public List<Double> run(int keep) throws IOException, InterruptedException {
        Path log = session.scratch().file("build-log");
        Path stderr = session.scratch().file("build-stderr");
        try {
            List<String> command = List.of(
                    embedded.resolve("run").toString(),
                    "--keep",
                    Integer.toString(keep),
                    "--workspace",
                    workspace.toString(),
                    jenkinsfile.toString());
            double whole = session.children().run(command, log, stderr);
            List<Double> seconds = new ArrayList<>();
            Matcher measured = MEASURED.matcher(Files.readString(log));
            while (measured.find()) {
                seconds.add(Long.parseLong(measured.group(1)) / 1e3);
            }
            seconds.add(whole);
            return seconds;
        } catch (IOException e) {
            throw new IOException("embedded/run: " + e.getMessage() + Children.tail(log), e);
        } finally {
            Scratch.delete(workspace);
            Scratch.delete(job());
        }
    }

    private Path job() {
        String name = jenkinsfile.getFileName().toString().replaceFirst("\\.Jenkinsfile$", "");
        return embedded.resolve("target/home/jobs").resolve(name);
    }
}
