package hudson.model;

import jenkins.model.Jenkins;

/** Something that users configure; its {@link Descriptor} says how. */
public interface Describable<T extends Describable<T>> {

    @SuppressWarnings("unchecked")
    default Descriptor<T> getDescriptor() {
        return Jenkins.get().getDescriptorOrDie(getClass());
    }
}
