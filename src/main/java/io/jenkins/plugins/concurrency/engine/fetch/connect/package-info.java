/**
 * Connections: to permitted destinations only, directly or through a proxy, with or without TLS. They are kept for
 * further exchanges. With HTTP/2, many exchanges use one at once.
 *
 * <p>{@link io.jenkins.plugins.concurrency.engine.fetch.connect.Network} leases connections. {@link
 * io.jenkins.plugins.concurrency.engine.fetch.connect.IoReactor} has their threads. This room does not know branches,
 * attempts or bodies. {@code Tls} checks certificates, unless {@code NetworkSettings} has {@code ignoreTls}. {@code
 * ConnectionAttempt} has the one time limit for lookup, connection, tunnel and handshake. {@code KeepAlive} says how
 * long an idle connection is kept, {@code IdleConnectionLimit} how many.
 */
@DefaultAnnotationForMethods(NonNull.class)
@DefaultAnnotationForParameters(NonNull.class)
package io.jenkins.plugins.concurrency.engine.fetch.connect;

import edu.umd.cs.findbugs.annotations.DefaultAnnotationForMethods;
import edu.umd.cs.findbugs.annotations.DefaultAnnotationForParameters;
import edu.umd.cs.findbugs.annotations.NonNull;
