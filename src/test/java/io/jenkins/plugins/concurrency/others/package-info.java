/** The steps beside other plugins. Compiled and run with the profile {@code other-plugins}. */
package io.jenkins.plugins.concurrency.others;
