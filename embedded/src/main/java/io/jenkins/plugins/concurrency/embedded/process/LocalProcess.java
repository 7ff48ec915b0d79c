package io.jenkins.plugins.concurrency.embedded.process;

import hudson.Proc;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;

/** A process on this machine, with daemon threads that copy its streams. Thread safe. */
public final class LocalProcess extends Proc {

    private final Process process;
    private final List<Thread> outputs = new ArrayList<>();

    /** A null stream is one that the caller handles itself through the getters. */
    public LocalProcess(Process process, InputStream stdin, OutputStream stdout, OutputStream stderr) {
        this.process = process;
        if (stdout != null) {
            outputs.add(copy("stdout", process.getInputStream(), stdout, false));
        }
        if (stderr != null) {
            outputs.add(copy("stderr", process.getErrorStream(), stderr, false));
        }
        if (stdin != null) {
            copy("stdin", stdin, process.getOutputStream(), true);
        }
    }

    private Thread copy(String name, InputStream from, OutputStream to, boolean close) {
        Thread thread = new Thread(() -> transfer(from, to, close), name + " of process " + process.pid());
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private static void transfer(InputStream from, OutputStream to, boolean close) {
        try {
            from.transferTo(to);
            to.flush();
        } catch (IOException e) {
            // The process has closed its end: there is nothing more to copy.
        } finally {
            if (close) {
                try {
                    to.close();
                } catch (IOException e) {
                    // As above.
                }
            }
        }
    }

    @Override
    public void kill() throws InterruptedException {
        ProcessTrees.kill(process.toHandle());
    }

    @Override
    public int join() throws InterruptedException {
        try {
            int status = process.waitFor();
            for (Thread output : outputs) {
                output.join();
            }
            return status;
        } catch (InterruptedException e) {
            process.descendants().forEach(ProcessHandle::destroy);
            process.destroy();
            throw e;
        }
    }

    @Override
    public InputStream getStdout() {
        return process.getInputStream();
    }

    @Override
    public OutputStream getStdin() {
        return process.getOutputStream();
    }
}
