package io.jenkins.plugins.concurrency.engine.fetch.destination;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Finds the addresses of host names. May block; called by its own threads. */
@FunctionalInterface
public interface NameLookup {

    /** As the JVM does. */
    NameLookup SYSTEM = InetAddress::getAllByName;

    /**
     * The addresses of a host, the preferred ones first; at least one.
     *
     * @throws UnknownHostException if it has none
     */
    InetAddress[] addresses(String host) throws UnknownHostException;
}
