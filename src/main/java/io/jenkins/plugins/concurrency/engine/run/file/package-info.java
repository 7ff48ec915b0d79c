/**
 * The files of a run directory. Each is readable at any time, even if the process that writes it is killed. {@code
 * AtomicFile} writes a file as a whole; {@code PrivateFile} keeps others from reading it.
 */
@DefaultAnnotationForMethods(NonNull.class)
@DefaultAnnotationForParameters(NonNull.class)
package io.jenkins.plugins.concurrency.engine.run.file;

import edu.umd.cs.findbugs.annotations.DefaultAnnotationForMethods;
import edu.umd.cs.findbugs.annotations.DefaultAnnotationForParameters;
import edu.umd.cs.findbugs.annotations.NonNull;
