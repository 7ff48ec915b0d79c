/**
 * Worker processes that are kept for many inputs, and the protocol between them and the pool. {@code FrameStream} finds
 * the JSON in what a worker writes. Anything else ends the worker; {@code WorkerAnswers} says how its call ends then.
 * {@code WorkerTrial} decides when a pool starts more than its first worker. {@code WorkerFrames} has the sizes up to
 * which inputs, answers and values are sent in a line; {@code Worker} sends a larger input in a file.
 */
@DefaultAnnotationForMethods(NonNull.class)
@DefaultAnnotationForParameters(NonNull.class)
package io.jenkins.plugins.concurrency.engine.pool.worker;

import edu.umd.cs.findbugs.annotations.DefaultAnnotationForMethods;
import edu.umd.cs.findbugs.annotations.DefaultAnnotationForParameters;
import edu.umd.cs.findbugs.annotations.NonNull;
