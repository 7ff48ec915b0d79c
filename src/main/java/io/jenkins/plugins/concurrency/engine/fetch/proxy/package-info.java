/**
 * Decides which proxy a request uses. Whether it is Jenkins' proxy, that of the environment or none is decided in
 * {@code NetworkSettings}. {@code DestinationReport} is what <em>Test</em> on the configuration page answers.
 */
@DefaultAnnotationForMethods(NonNull.class)
@DefaultAnnotationForParameters(NonNull.class)
package io.jenkins.plugins.concurrency.engine.fetch.proxy;

import edu.umd.cs.findbugs.annotations.DefaultAnnotationForMethods;
import edu.umd.cs.findbugs.annotations.DefaultAnnotationForParameters;
import edu.umd.cs.findbugs.annotations.NonNull;
