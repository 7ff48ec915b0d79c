/**
 * Worker processes that are kept for many inputs, and the protocol between them and the pool. {@code FrameStream} finds
 * the JSON in what a worker writes. Anything else ends the worker; {@code WorkerAnswers} says how its call ends then.
 * {@code WorkerTrial} decides when a pool starts more than its first worker. {@code WorkerFrames} has the sizes: up to
 * which an input is sent in a line ({@code Worker} sends a larger one in a file), and how large an answer and its value
 * may be. {@code FrameStream} refuses a longer answer.
 */
@DefaultAnnotationForMethods(NonNull.class)
@DefaultAnnotationForParameters(NonNull.class)
package io.jenkins.plugins.concurrency.engine.pool.worker;

import edu.umd.cs.findbugs.annotations.DefaultAnnotationForMethods;
import edu.umd.cs.findbugs.annotations.DefaultAnnotationForParameters;
import edu.umd.cs.findbugs.annotations.NonNull;
