package io.jenkins.plugins.concurrency.embedded;

import hudson.model.Computer;
import hudson.model.Result;
import hudson.model.TaskListener;
import hudson.slaves.ComputerListener;
import io.jenkins.plugins.concurrency.embedded.page.SavedPage;
import java.io.BufferedOutputStream;
import java.io.File;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import jenkins.model.Jenkins;

/**
 * Runs a Jenkinsfile: {@code Main [--workspace DIR] [--report FILE] [--keep MINUTES] FILE [name=value ...]}, or ends what
 * was kept: {@code Main --stop}. The exit status tells the result; 64 means that the arguments are wrong.
 */
public final class Main {

    /** The system property that names the home directory. */
    static final String HOME = "embedded.home";

    private static final String CONFIGURATION = "io.jenkins.plugins.concurrency.config.ConcurrencyConfiguration.";

    private static final int KEEP_MINUTES = 10;
    private static final int DAY_MINUTES = 1440;

    private static final int USAGE = 64;
    private static final int ABORTED = 3;

    private Main() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path jenkinsfile = null;
        File workspace = null;
        Path report = null;
        int keep = isContinuousIntegration() ? 0 : KEEP_MINUTES;
        Map<String, String> parameters = new LinkedHashMap<>();
        Deque<String> rest = new ArrayDeque<>(List.of(arguments));
        while (!rest.isEmpty()) {
            String argument = rest.pop();
            int equals = argument.indexOf('=');
            if (argument.equals("--workspace") && !rest.isEmpty()) {
                workspace = new File(rest.pop());
            } else if (argument.startsWith("--workspace=")) {
                workspace = new File(argument.substring(equals + 1));
            } else if (argument.equals("--report") && !rest.isEmpty()) {
                report = Path.of(rest.pop());
            } else if (argument.startsWith("--report=")) {
                report = Path.of(argument.substring(equals + 1));
            } else if (argument.equals("--keep") && !rest.isEmpty()) {
                keep = minutes(rest.pop());
            } else if (argument.startsWith("--keep=")) {
                keep = minutes(argument.substring(equals + 1));
            } else if (argument.equals("--stop") && arguments.length == 1) {
                new KeptSupervisors(home()).stop();
                return;
            } else if (argument.startsWith("-")) {
                refuse("unknown option " + argument);
            } else if (jenkinsfile == null) {
                jenkinsfile = Path.of(argument);
            } else if (equals > 0) {
                parameters.put(argument.substring(0, equals), argument.substring(equals + 1));
            } else {
                refuse("not a parameter (name=value): " + argument);
            }
        }
        if (jenkinsfile == null) {
            refuse("no Jenkinsfile given");
        } else if (!Files.isReadable(jenkinsfile) || Files.isDirectory(jenkinsfile)) {
            refuse("cannot read the Jenkinsfile " + jenkinsfile);
        }
        if (System.getProperty(CONFIGURATION + "supervisorIdle") == null) {
            System.setProperty(CONFIGURATION + "supervisorIdle", Integer.toString(Math.max(1, keep)));
        }
        int status;
        try {
            status = run(jenkinsfile, parameters, workspace, report);
        } finally {
            if (keep == 0) {
                dismiss();
            }
        }
        System.exit(status);
    }

    /** The build's result is what it is. */
    private static void dismiss() {
        try {
            new KeptSupervisors(home()).dismiss();
        } catch (IOException | RuntimeException e) {
            System.err.println("embedded/run: a process may have been kept: " + e);
        }
    }

    private static boolean isContinuousIntegration() {
        String value = System.getenv("CI");
        return value != null && !value.isEmpty() && !value.equals("false");
    }

    private static int minutes(String text) {
        try {
            int minutes = Integer.parseInt(text);
            if (minutes >= 0 && minutes <= DAY_MINUTES) {
                return minutes;
            }
        } catch (NumberFormatException e) {
            // as one out of range
        }
        refuse("--keep takes minutes, 0 to " + DAY_MINUTES + ", not " + text);
        return 0;
    }

    private static File home() {
        return new File(System.getProperty(HOME, "home"));
    }

    private static int run(Path jenkinsfile, Map<String, String> parameters, File workspace, Path report)
            throws IOException, InterruptedException {
        startJenkins(home());
        // System.out would translate to the platform's encoding.
        var console = new BufferedOutputStream(new FileOutputStream(FileDescriptor.out));
        EmbeddedRun run = EmbeddedRun.create(jenkinsfile, parameters, workspace, console);
        Interruptions.handle(run, ABORTED);
        Result result = run.execute();
        saveReport(run, report);
        Terminators.run();
        return exitStatus(result);
    }

    /** Saves the page of the build's steps, if it has any; its path is the last line. */
    private static void saveReport(EmbeddedRun run, Path wanted) {
        Path file = wanted == null ? run.getRootDir().toPath().resolve("concurrency.html") : wanted;
        try {
            if (SavedPage.save(run, "concurrency", "report", file)) {
                System.out.println("Report: " + file.toAbsolutePath().normalize());
            } else if (wanted != null) {
                System.err.println("embedded/run: no report, since no step of this plugin was called");
            }
        } catch (IOException e) {
            System.err.println("embedded/run: cannot write the report " + file + ": " + e.getMessage());
        }
    }

    /** Prepares what stands in for the controller, with its one node online. */
    static void startJenkins(File home) throws IOException, InterruptedException {
        // There is no controller here whose network had to be protected from its users.
        System.setProperty(CONFIGURATION + "controller.internal", "true");
        Computer computer = Jenkins.startEmbedded(home).getComputer("");
        for (ComputerListener listener : ComputerListener.all()) {
            listener.onOnline(computer, TaskListener.NULL);
        }
    }

    static int exitStatus(Result result) {
        if (result == Result.SUCCESS) {
            return 0;
        } else if (result == Result.UNSTABLE) {
            return 2;
        }
        return result == Result.ABORTED ? ABORTED : 1;
    }

    private static void refuse(String reason) {
        System.err.println("embedded/run: " + reason + "; see embedded/run --help");
        System.exit(USAGE);
    }
}
