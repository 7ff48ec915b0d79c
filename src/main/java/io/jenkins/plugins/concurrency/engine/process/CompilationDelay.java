package io.jenkins.plugins.concurrency.engine.process;

import java.util.List;

/**
 * Has a JVM that often ends after seconds wait longer, twenty times as long as by itself, before it gives what is called
 * often to its optimizing compiler. That compiler takes processor time away from the first second of work, which is all
 * that a short run has. What computes gets there in milliseconds nevertheless, and loops as ever; what goes on for long
 * does too.
 *
 * <p>Only ciphers go there at once: the other compilers don't know the processor's own instructions for them, without
 * which a body through TLS takes many times as long.
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
