package org.jenkinsci.plugins.pipeline.modeldefinition.ast;

/** The call of a step. */
public class ModelASTStep extends ModelASTElement {

    public String getName() {
        return null;
    }

    public ModelASTArgumentList getArgs() {
        return null;
    }
}
