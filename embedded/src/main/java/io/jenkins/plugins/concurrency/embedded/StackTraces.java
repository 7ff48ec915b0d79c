package io.jenkins.plugins.concurrency.embedded;

import com.cloudbees.groovy.cps.Continuable;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/** Writes exceptions for people who look for the fault in their Jenkinsfile. */
final class StackTraces {

    private StackTraces() {}

    /** A stack trace without the frames of the continuation engine below those of the script. */
    static String render(Throwable failure) {
        prune(failure, Collections.newSetFromMap(new IdentityHashMap<>()));
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text, true));
        return text.toString();
    }

    private static void prune(Throwable failure, Set<Throwable> seen) {
        if (failure == null || !seen.add(failure)) {
            return;
        }
        List<StackTraceElement> frames = Arrays.asList(failure.getStackTrace());
        int engine = frames.indexOf(Continuable.SEPARATOR_STACK_ELEMENT);
        if (engine >= 0) {
            failure.setStackTrace(frames.subList(0, engine).toArray(new StackTraceElement[0]));
        }
        prune(failure.getCause(), seen);
        for (Throwable suppressed : failure.getSuppressed()) {
            prune(suppressed, seen);
        }
    }
}
