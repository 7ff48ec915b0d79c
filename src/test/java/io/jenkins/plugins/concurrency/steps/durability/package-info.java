/**
 * What a run survives, tried on controllers and agents in processes of their own. Builds are looked at through their
 * directories, so that the same words serve a controller in this JVM and one that is killed. All of it needs Linux.
 */
package io.jenkins.plugins.concurrency.steps.durability;
