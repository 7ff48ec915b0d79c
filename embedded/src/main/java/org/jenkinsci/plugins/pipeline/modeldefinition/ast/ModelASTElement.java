package org.jenkinsci.plugins.pipeline.modeldefinition.ast;

/** A part of a Declarative Pipeline as it is written. */
public abstract class ModelASTElement {}
