package hudson.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.ExtensionList;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import jenkins.model.TransientActionFactory;

/** Something that actions can be attached to. Thread safe. */
public abstract class Actionable extends AbstractModelObject {

    private final transient CopyOnWriteArrayList<Action> actions = new CopyOnWriteArrayList<>();

    public List<Action> getActions() {
        return actions;
    }

    public final List<? extends Action> getAllActions() {
        List<Action> all = new ArrayList<>(getActions());
        for (TransientActionFactory<?> factory : ExtensionList.lookup(TransientActionFactory.class)) {
            if (factory.type().isInstance(this)) {
                all.addAll(made(factory));
            }
        }
        return all;
    }

    private <T> Collection<? extends Action> made(TransientActionFactory<T> factory) {
        return factory.createFor(factory.type().cast(this));
    }

    public @CheckForNull <T extends Action> T getAction(Class<T> type) {
        return getActions().stream().filter(type::isInstance).map(type::cast).findFirst().orElse(null);
    }

    public void addAction(Action a) {
        getActions().add(Objects.requireNonNull(a));
    }

    /** Puts the action in the place of those of its class; false if it was there already. */
    public boolean addOrReplaceAction(Action a) {
        return replaceActions(a.getClass(), a);
    }

    public boolean replaceActions(Class<? extends Action> clazz, Action a) {
        List<Action> old = getActions().stream().filter(action -> action.getClass() == clazz).collect(Collectors.toList());
        if (old.equals(List.of(a))) {
            return false;
        }
        getActions().removeAll(old);
        addAction(a);
        return true;
    }
}
