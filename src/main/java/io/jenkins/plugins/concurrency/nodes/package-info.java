/**
 * One run on several of Jenkins' nodes: gets them from the queue, hands out branches, takes outcomes. Knows agents' runs,
 * but nothing of steps.
 */
package io.jenkins.plugins.concurrency.nodes;
