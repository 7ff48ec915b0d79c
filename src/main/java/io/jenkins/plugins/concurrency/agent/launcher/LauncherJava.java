package io.jenkins.plugins.concurrency.agent.launcher;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Proc;
import hudson.model.TaskListener;
import io.jenkins.plugins.concurrency.engine.process.OutputTail;
import io.jenkins.plugins.concurrency.engine.process.TailStream;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The Java behind a launcher, which function workers need. */
final class LauncherJava {

    static final String PROGRAM = "java";

    private static final int OLDEST = 17;
    private static final long PATIENCE_SECONDS = 60;
    private static final Pattern VERSION = Pattern.compile("version \"(?:1\\.)?([0-9]{1,4})");

    private LauncherJava() {}

    /**
     * Checks that there is one and that it is not too old.
     *
     * @param directory the working directory of the check
     * @throws IOException if it can't be used, in one line
     */
    static void check(LauncherTarget target, String directory) throws IOException, InterruptedException {
        String problem;
        try {
            TailStream output = new TailStream();
            Proc java = target.prepare(List.of(PROGRAM, "-version"), directory, List.of())
                    .stdout(output)
                    .stderr(output)
                    .start();
            int exitCode = java.joinWithTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS, TaskListener.NULL);
            problem = problem(exitCode, output.tail());
        } catch (IOException e) {
            problem = e.getMessage();
        }
        if (problem != null) {
            throw new IOException("functions need Java " + OLDEST
                    + " or later on the PATH of the enclosing container or launcher; " + problem);
        }
    }

    @CheckForNull
    static String problem(int exitCode, OutputTail output) {
        Matcher version = VERSION.matcher(output.text());
        if (exitCode == 0 && version.find() && Integer.parseInt(version.group(1)) >= OLDEST) {
            return null;
        }
        String line = output.text().strip().replaceAll("\\s*\\R\\s*", "; ");
        return "'java -version' ends with exit code " + exitCode + " and says: " + line;
    }
}
