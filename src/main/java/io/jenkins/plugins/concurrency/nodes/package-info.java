/**
 * One run on several of Jenkins' nodes: gets the nodes from the queue, assigns branches, receives outcomes. Uses runs
 * on agents, but does not know steps. A connected node that failed is not used again by the run; one that was lost may
 * be. {@code NodeDemand} decides whether another node is asked for. {@code FileTransfer} holds branches back until
 * their files are copied.
 */
@DefaultAnnotationForMethods(NonNull.class)
@DefaultAnnotationForParameters(NonNull.class)
package io.jenkins.plugins.concurrency.nodes;

import edu.umd.cs.findbugs.annotations.DefaultAnnotationForMethods;
import edu.umd.cs.findbugs.annotations.DefaultAnnotationForParameters;
import edu.umd.cs.findbugs.annotations.NonNull;
