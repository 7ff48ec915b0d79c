package io.jenkins.plugins.concurrency.bench.peer;

import java.util.List;

/**
 * What is fetched.
 *
 * @param urls of files of the same size
 * @param concurrency requests at once
 * @param bytes of each body
 * @param toFiles whether bodies become files, or are dropped
 */
public record FetchWork(List<String> urls, int concurrency, long bytes, boolean toFiles) {}
