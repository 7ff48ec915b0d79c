/**
 * Connections: made to permitted destinations only, directly or through a proxy, in the clear or with TLS, kept for
 * further exchanges, and shared by many at once where the server speaks HTTP/2.
 *
 * <p>{@link io.jenkins.plugins.concurrency.engine.fetch.connect.Network} hands out leases of connections;
 * {@link io.jenkins.plugins.concurrency.engine.fetch.connect.IoReactor} has the threads that serve them. Nothing here
 * knows of branches, attempts or bodies.
 */
@DefaultAnnotationForMethods(NonNull.class)
@DefaultAnnotationForParameters(NonNull.class)
package io.jenkins.plugins.concurrency.engine.fetch.connect;

import edu.umd.cs.findbugs.annotations.DefaultAnnotationForMethods;
import edu.umd.cs.findbugs.annotations.DefaultAnnotationForParameters;
import edu.umd.cs.findbugs.annotations.NonNull;
