package io.jenkins.plugins.concurrency.engine.process;

import java.util.List;

/**
 * Delays the optimizing compiler of JVMs that often end after some seconds. Methods are compiled after twenty times as
 * many calls as by default. That compiler needs processor time in the first seconds, and a short run has no more than
 * these. Code that computes is still compiled within milliseconds. Loops are compiled as by default.
 *
 * <p>Only ciphers are compiled early. The other compilers don't use the processor's own instructions for them, and
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

    /** Compiles a cipher fifty times earlier than the options above. */
    private static String early(String cipher) {
        return "-XX:CompileCommand=CompileThresholdScaling,com.sun.crypto.provider." + cipher + "::*,0.02";
    }
}
