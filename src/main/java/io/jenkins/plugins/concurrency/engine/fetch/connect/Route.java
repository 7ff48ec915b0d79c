package io.jenkins.plugins.concurrency.engine.fetch.connect;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.fetch.destination.Origin;

/**
 * What exchanges must have in common to use the same connection.
 *
 * @param identity the certificate that the client shows; {@code null} for none
 */
public record Route(Origin origin, @CheckForNull ClientIdentity identity) {}
