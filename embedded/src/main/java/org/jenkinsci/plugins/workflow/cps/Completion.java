package org.jenkinsci.plugins.workflow.cps;

import com.cloudbees.groovy.cps.Outcome;

/** Hears, on the CPS thread, how a green thread ended. */
interface Completion {
    void accept(Outcome outcome);
}
