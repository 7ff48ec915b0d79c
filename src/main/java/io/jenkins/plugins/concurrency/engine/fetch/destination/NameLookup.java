package io.jenkins.plugins.concurrency.engine.fetch.destination;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Finds the addresses of host names. May block; called by its own threads. */
@FunctionalInterface
public interface NameLookup {

    /** The lookup of the JVM. */
    NameLookup SYSTEM = InetAddress::getAllByName;

    /**
     * The addresses of a host, at least one. The preferred ones come first.
     *
     * @throws UnknownHostException if the host has none
     */
    InetAddress[] addresses(String host) throws UnknownHostException;
}
