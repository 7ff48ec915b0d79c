package io.jenkins.plugins.concurrency.bench;

import io.jenkins.plugins.concurrency.bench.fetch.FetchCases;
import io.jenkins.plugins.concurrency.bench.pool.PoolCases;
import io.jenkins.plugins.concurrency.bench.process.Children;
import io.jenkins.plugins.concurrency.bench.process.Scratch;
import io.jenkins.plugins.concurrency.bench.session.Case;
import io.jenkins.plugins.concurrency.bench.session.Options;
import io.jenkins.plugins.concurrency.bench.session.Session;
import io.jenkins.plugins.concurrency.bench.steps.StepCases;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Measures the engine side by side with other programs. The exit status is 1 if something could not be measured, and
 * 64 if the arguments are wrong.
 */
public final class Main {

    private static final int INCOMPLETE = 1;
    private static final int USAGE = 64;

    private static final Map<String, List<Case>> SUITES =
            Map.of("fetch", FetchCases.ALL, "pool", PoolCases.ALL, "steps", StepCases.ALL);

    private Main() {}

    public static void main(String[] arguments) throws IOException {
        Locale.setDefault(Locale.ROOT); // tables are compared, wherever they come from
        Options options;
        List<Case> cases;
        try {
            options = Options.parse(arguments);
            cases = cases(options);
        } catch (IllegalArgumentException e) {
            System.err.println("embedded/bench: " + e.getMessage() + "; see embedded/bench --help");
            System.exit(USAGE);
            return;
        }
        Cleaning cleaning = new Cleaning(Thread.currentThread(), new Children(), new Scratch());
        Runtime.getRuntime().addShutdownHook(new Thread(cleaning, "cleaning"));
        System.out.println(Machine.describe(options));
        System.out.println();
        boolean complete;
        try {
            complete = run(cases, new Session(options, cleaning.scratch(), cleaning.children()));
        } catch (InterruptedException e) {
            return; // the process is ending already
        }
        cleaning.workIsDone();
        System.exit(complete ? 0 : INCOMPLETE);
    }

    private static List<Case> cases(Options options) {
        List<Case> suite = SUITES.get(options.suite());
        if (suite == null) {
            throw new IllegalArgumentException("'" + options.suite() + "' is none of 'fetch', 'pool' and 'steps'");
        }
        List<String> names = suite.stream().map(Case::name).toList();
        for (String wanted : options.cases()) {
            if (!names.contains(wanted)) {
                throw new IllegalArgumentException(
                        "'" + wanted + "' is no case of " + options.suite() + ", which are " + String.join(", ", names));
            }
        }
        return suite.stream()
                .filter(one -> options.cases().isEmpty() || options.cases().contains(one.name()))
                .toList();
    }

    private static boolean run(List<Case> cases, Session session) throws InterruptedException {
        boolean complete = true;
        for (Case one : cases) {
            try {
                complete &= one.run(session);
            } catch (InterruptedException e) {
                throw e;
            } catch (Exception e) {
                session.progress().clear();
                if (Thread.interrupted()) { // which closes channels
                    throw new InterruptedException(e.toString());
                }
                complete = false;
                session.report(one, "could not be measured").failed("all of it", message(e)).print();
            }
        }
        return complete;
    }

    private static String message(Exception e) {
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }
}
