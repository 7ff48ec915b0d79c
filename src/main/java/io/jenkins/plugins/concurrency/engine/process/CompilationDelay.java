package io.jenkins.plugins.concurrency.engine.process;

import java.util.List;

/**
 * Delays the optimizing compiler of a JVM that often ends after seconds: frequently called code is compiled twenty
 * times later than by default. That compiler takes processor time from the first second of work, which may be all that
 * a short run has. Code that computes is still compiled within milliseconds, loops are compiled as ever, and so is what
 * runs for long.
 *
 * <p>Only ciphers are compiled at once: the other compilers don't use the processor's own instructions for them, and
 * without these a body through TLS takes many times as long.
 */
public final class CompilationDelay {

    private static final List<String> OPTIONS = List.of(
            "-XX:Tier4InvocationThreshold=100000",
            "-XX:Tier4MinInvocationThreshold=12000",
            "-XX:Tier4CompileThreshold=300000",
            "-XX:CompileCommand=quiet",
            early("CounterMode"),
            early("GHASH"),
            early("GaloisCounterMode*"));

    private CompilationDelay() {}

    /** The options of a JVM. */
    public static List<String> options() {
        return OPTIONS;
    }

    /** A fiftieth of what the options above ask for. */
    private static String early(String cipher) {
        return "-XX:CompileCommand=CompileThresholdScaling,com.sun.crypto.provider." + cipher + "::*,0.02";
    }
}
