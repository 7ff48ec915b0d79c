package org.jenkinsci.plugins.pipeline.modeldefinition.ast;

import java.util.Map;

/** Arguments that have names. */
public final class ModelASTNamedArgumentList extends ModelASTArgumentList {

    @Override
    public Map<String, ?> argListToMap() {
        return Map.of();
    }
}
