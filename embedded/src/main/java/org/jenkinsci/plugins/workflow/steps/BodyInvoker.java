package org.jenkinsci.plugins.workflow.steps;

import java.util.Collection;
import java.util.List;

/** Prepares one run of a step's body. For the CPS thread only. */
public abstract class BodyInvoker {

    /** Lets steps in the body see this object by its types. */
    public abstract BodyInvoker withContext(Object override);

    public BodyInvoker withContexts(Object... overrides) {
        return withContexts(List.of(overrides));
    }

    public BodyInvoker withContexts(Collection<?> overrides) {
        BodyInvoker invoker = this;
        for (Object override : overrides) {
            invoker = invoker.withContext(override);
        }
        return invoker;
    }

    /** Names the body in the log. */
    public abstract BodyInvoker withDisplayName(String name);

    public abstract BodyInvoker withCallback(BodyExecutionCallback callback);

    /** Has the body run soon on the CPS thread. */
    public abstract BodyExecution start();
}
