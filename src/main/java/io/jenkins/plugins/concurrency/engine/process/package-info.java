/**
 * Processes of the operating system: shells, detached JVMs, trees of processes, and how they end. {@code
 * InterpretedScript} chooses the program that reads a script, by its {@code #!} line or the parameter {@code shell};
 * {@code MachineShell} is what reads all other scripts. Each adds {@code -e} for its own.
 */
@DefaultAnnotationForMethods(NonNull.class)
@DefaultAnnotationForParameters(NonNull.class)
package io.jenkins.plugins.concurrency.engine.process;

import edu.umd.cs.findbugs.annotations.DefaultAnnotationForMethods;
import edu.umd.cs.findbugs.annotations.DefaultAnnotationForParameters;
import edu.umd.cs.findbugs.annotations.NonNull;
