package io.jenkins.plugins.concurrency.embedded;

import hudson.Extension;
import hudson.model.Computer;
import hudson.model.TaskListener;
import hudson.slaves.ComputerListener;

@Extension
public class RecordingListener extends ComputerListener {

    static volatile Computer online;

    @Override
    public void onOnline(Computer c, TaskListener listener) {
        online = c;
    }
}
