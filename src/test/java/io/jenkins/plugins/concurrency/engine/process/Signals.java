package io.jenkins.plugins.concurrency.engine.process;

import static org.junit.Assert.assertEquals;

import java.io.IOException;

/** Sends signals as shells do: a program for that is not installed everywhere. */
public final class Signals {

    private Signals() {}

    /** @param name without {@code SIG} */
    public static void send(String name, long pid) throws IOException, InterruptedException {
        Process shell = new ProcessBuilder("/bin/sh", "-c", "kill -\"$0\" \"$1\"", name, Long.toString(pid))
                .inheritIO()
                .start();
        assertEquals("kill -" + name + " " + pid, 0, shell.waitFor());
    }
}
