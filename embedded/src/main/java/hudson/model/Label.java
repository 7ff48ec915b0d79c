package hudson.model;

import edu.umd.cs.findbugs.annotations.Nullable;
import hudson.model.labels.LabelAtom;
import hudson.slaves.Cloud;
import java.util.Set;
import jenkins.model.Jenkins;

/** A name or an expression for nodes; the only node has every one. */
public abstract class Label extends Actionable {

    private final String name;

    protected Label(String name) {
        this.name = name;
    }

    @Override
    public String getDisplayName() {
        return name;
    }

    public Set<Node> getNodes() {
        return Set.of(Jenkins.get());
    }

    public Set<Cloud> getClouds() {
        return Set.of();
    }

    public static @Nullable Label get(String l) {
        return l == null || l.isEmpty() ? null : new LabelAtom(l);
    }

    /** Takes everything for an expression. */
    public static Label parseExpression(String labelExpression) {
        return new LabelAtom(labelExpression);
    }
}
