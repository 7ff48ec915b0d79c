package io.jenkins.plugins.concurrency.engine.fetch.connect;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;

/**
 * What exchanges have to have in common to use the same connection.
 *
 * @param identity the certificate that the client shows; {@code null} for none
 */
public record Route(@NonNull Origin origin, @CheckForNull ClientIdentity identity) {}
