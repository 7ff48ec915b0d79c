package org.jenkinsci.plugins.pipeline.modeldefinition.ast;

import java.util.Map;

/** The arguments of a call. */
public abstract class ModelASTArgumentList extends ModelASTElement {

    /** Constants as they are, of all else the source text within <code>${}</code>. */
    public abstract Map<String, ?> argListToMap();
}
