package io.jenkins.plugins.concurrency.agent.jars;

import hudson.FilePath;
import hudson.model.Computer;
import hudson.model.Node;
import hudson.remoting.VirtualChannel;
import io.jenkins.plugins.concurrency.agent.RunLocation;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.WeakHashMap;
import jenkins.MasterToSlaveFileCallable;
import jenkins.model.Jenkins;

/**
 * The supervisor's jars on an agent. Each is copied once. Its name is the hash of its content. So several versions can
 * be there, and two runs that copy at the same time do no harm. A copy whose content does not match its name is
 * replaced.
 */
public final class AgentClassPath {

    /** Locks, by connections, that are held while jars are copied. The next thread finds the jars. */
    private static final Map<VirtualChannel, Object> COPYING = Collections.synchronizedMap(new WeakHashMap<>());

    private AgentClassPath() {}

    /**
     * The agent's cache.
     *
     * @param name the name of the node
     * @throws IOException if the agent is not connected
     */
    public static FilePath cache(String name) throws IOException {
        Computer computer = Jenkins.get().getComputer(name);
        Node node = computer == null ? null : computer.getNode();
        FilePath root = node == null ? null : node.getRootPath();
        if (root == null) {
            throw new IOException(RunLocation.nodeText(name) + " is not connected");
        }
        return root.child("caches").child("concurrency-steps");
    }

    /**
     * Makes sure that the jars are there.
     *
     * @param cache a folder on the agent; created if it is missing
     * @return the class path as the agent's files
     * @throws IOException if a jar can't be copied
     */
    public static List<String> install(FilePath cache, List<HashedJar> jars)
            throws IOException, InterruptedException {
        List<String> names = jars.stream().map(HashedJar::cacheName).toList();
        synchronized (COPYING.computeIfAbsent(cache.getChannel(), channel -> new Object())) {
            List<String> missing = cache.act(new FindMissing(new ArrayList<>(names)));
            for (HashedJar jar : jars) {
                if (missing.contains(jar.cacheName())) {
                    copy(jar, cache);
                }
            }
        }
        return names.stream().map(name -> cache.child(name).getRemote()).toList();
    }

    private static void copy(HashedJar jar, FilePath cache) throws IOException, InterruptedException {
        FilePath partial = cache.child(UUID.randomUUID() + JarCache.PARTIAL);
        try (InputStream in = Files.newInputStream(jar.file())) {
            partial.copyFrom(in);
            partial.act(new Publish(jar.sha256()));
        } finally {
            partial.delete();
        }
    }

    /** Asks the cache on the agent. */
    private static final class FindMissing extends MasterToSlaveFileCallable<ArrayList<String>> {
        private static final long serialVersionUID = 1;

        private final ArrayList<String> names;

        FindMissing(ArrayList<String> names) {
            this.names = names;
        }

        @Override
        public ArrayList<String> invoke(File cache, VirtualChannel channel) throws IOException {
            return new JarCache(cache.toPath()).missing(names);
        }
    }

    /** Gives a complete copy its name on the agent. */
    private static final class Publish extends MasterToSlaveFileCallable<Void> {
        private static final long serialVersionUID = 1;

        private final String sha256;

        Publish(String sha256) {
            this.sha256 = sha256;
        }

        @Override
        public Void invoke(File partial, VirtualChannel channel) throws IOException {
            new JarCache(partial.getParentFile().toPath()).publish(partial.toPath(), sha256);
            return null;
        }
    }
}
