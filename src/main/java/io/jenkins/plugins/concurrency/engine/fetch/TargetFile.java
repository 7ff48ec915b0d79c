package io.jenkins.plugins.concurrency.engine.fetch;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.nio.file.Path;

/**
 * Where a body goes.
 *
 * @param name as results show it: relative to the base directory, separated by {@code /}
 * @param path the file
 * @param temporary a file beside it that grows while the body arrives
 */
record TargetFile(@NonNull String name, @NonNull Path path, @NonNull Path temporary) {}
