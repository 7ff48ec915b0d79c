package hudson.remoting;

/** The result, to come, of what was sent over a channel. */
public interface Future<V> extends java.util.concurrent.Future<V> {}
