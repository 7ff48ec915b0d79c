/**
 * Connections: to permitted destinations only, directly or through a proxy, with or without TLS. They are kept for
 * further exchanges. With HTTP/2, many exchanges use one at once.
 *
 * <p>{@link io.jenkins.plugins.concurrency.engine.fetch.connect.Network} leases connections.
 * {@link io.jenkins.plugins.concurrency.engine.fetch.connect.IoReactor} has their threads. This room does not know
 * branches, attempts or bodies.
 */
@DefaultAnnotationForMethods(NonNull.class)
@DefaultAnnotationForParameters(NonNull.class)
package io.jenkins.plugins.concurrency.engine.fetch.connect;

import edu.umd.cs.findbugs.annotations.DefaultAnnotationForMethods;
import edu.umd.cs.findbugs.annotations.DefaultAnnotationForParameters;
import edu.umd.cs.findbugs.annotations.NonNull;
