/**
 * Decides which proxy a request uses. Whether it is Jenkins' proxy, that of the environment or none is decided in
 * {@code NetworkSettings}. {@code ProxySelection} reads {@code no_proxy}; the hosts that Jenkins excludes are in {@code
 * ProxySettings}. {@code DestinationReport} is what <em>Test</em> on the configuration page answers.
 */
@DefaultAnnotationForMethods(NonNull.class)
@DefaultAnnotationForParameters(NonNull.class)
package io.jenkins.plugins.concurrency.engine.fetch.proxy;

import edu.umd.cs.findbugs.annotations.DefaultAnnotationForMethods;
import edu.umd.cs.findbugs.annotations.DefaultAnnotationForParameters;
import edu.umd.cs.findbugs.annotations.NonNull;
