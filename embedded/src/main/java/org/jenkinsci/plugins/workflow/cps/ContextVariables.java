package org.jenkinsci.plugins.workflow.cps;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** What the blocks around a step provide, the innermost first. Immutable. */
final class ContextVariables {

    static final ContextVariables NONE = new ContextVariables(null, List.of());

    private final ContextVariables outer;
    private final List<Object> values;

    private ContextVariables(ContextVariables outer, Collection<?> values) {
        this.outer = outer;
        this.values = List.copyOf(values);
    }

    ContextVariables with(Collection<?> inner) {
        return inner.isEmpty() ? this : new ContextVariables(this, new ArrayList<>(inner));
    }

    /** The innermost object of this type, or null. */
    <T> T get(Class<T> type) {
        for (ContextVariables scope = this; scope != null; scope = scope.outer) {
            for (Object value : scope.values) {
                if (type.isInstance(value)) {
                    return type.cast(value);
                }
            }
        }
        return null;
    }
}
