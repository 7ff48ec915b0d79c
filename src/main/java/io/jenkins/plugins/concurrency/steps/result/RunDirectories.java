package io.jenkins.plugins.concurrency.steps.result;

import hudson.model.Run;
import io.jenkins.plugins.concurrency.engine.run.RunFiles;

/** Where a build keeps the files of its runs. */
public final class RunDirectories {

    private RunDirectories() {}

    public static RunFiles of(Run<?, ?> build, String runId) {
        return new RunFiles(build.getRootDir().toPath().resolve(RunFiles.FOLDER).resolve(runId));
    }
}
