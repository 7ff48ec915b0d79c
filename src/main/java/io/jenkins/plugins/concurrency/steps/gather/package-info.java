/**
 * {@code gather}: Pipeline branches with a limit. Everything here runs on the CPS thread and is part of a Pipeline's
 * program state. {@code GatherStep} decides whether a stage is opened around it. {@code UnfinishedBranches} says which
 * branch is next; {@code GatherValue} how a closure's value is kept. {@code GatherExecution} decides whether a branch
 * that was interrupted is cancelled; {@code GatherFailure} whether another one is a {@code timeout} or an {@code
 * error}.
 */
@DefaultAnnotationForMethods(NonNull.class)
@DefaultAnnotationForParameters(NonNull.class)
package io.jenkins.plugins.concurrency.steps.gather;

import edu.umd.cs.findbugs.annotations.DefaultAnnotationForMethods;
import edu.umd.cs.findbugs.annotations.DefaultAnnotationForParameters;
import edu.umd.cs.findbugs.annotations.NonNull;
