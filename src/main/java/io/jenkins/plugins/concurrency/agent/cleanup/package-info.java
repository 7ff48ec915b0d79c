/**
 * Removes what runs leave on agents. Jenkins registers each run before anything of it is on the agent, and removes it
 * when no build waits for it. A step that was killed abandons its run itself, see {@code ForcedEndDetector}.
 */
@DefaultAnnotationForMethods(NonNull.class)
@DefaultAnnotationForParameters(NonNull.class)
package io.jenkins.plugins.concurrency.agent.cleanup;

import edu.umd.cs.findbugs.annotations.DefaultAnnotationForMethods;
import edu.umd.cs.findbugs.annotations.DefaultAnnotationForParameters;
import edu.umd.cs.findbugs.annotations.NonNull;
