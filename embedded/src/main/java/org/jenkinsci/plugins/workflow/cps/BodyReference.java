package org.jenkinsci.plugins.workflow.cps;

import groovy.lang.Closure;

/** A closure that was handed to a step. */
abstract class BodyReference {

    BodyReference() {}

    abstract Closure<?> closure();

    static BodyReference to(Closure<?> closure) {
        return new BodyReference() {
            @Override
            Closure<?> closure() {
                return closure;
            }
        };
    }
}
