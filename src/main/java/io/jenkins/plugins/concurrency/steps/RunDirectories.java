package io.jenkins.plugins.concurrency.steps;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Run;
import io.jenkins.plugins.concurrency.engine.run.RunFiles;

/** Where a build keeps the files of its runs. */
final class RunDirectories {

    private RunDirectories() {}

    @NonNull
    static RunFiles of(@NonNull Run<?, ?> build, @NonNull String runId) {
        return new RunFiles(build.getRootDir().toPath().resolve(RunFiles.FOLDER).resolve(runId));
    }
}
