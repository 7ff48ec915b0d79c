package hudson.model;

import hudson.util.FormValidation;
import io.jenkins.plugins.concurrency.embedded.ConfigurationProperties;
import net.sf.json.JSONObject;
import org.kohsuke.stapler.StaplerRequest2;

/** Metadata of a {@link Describable} class, one object for each class. */
public abstract class Descriptor<T extends Describable<T>> implements Saveable {

    public final transient Class<? extends T> clazz;

    protected Descriptor(Class<? extends T> clazz) {
        this.clazz = clazz;
    }

    /** For a descriptor that is nested in the class that it describes. */
    @SuppressWarnings("unchecked")
    protected Descriptor() {
        Class<?> outer = getClass().getEnclosingClass();
        if (outer == null || !Describable.class.isAssignableFrom(outer)) {
            throw new AssertionError(getClass() + " is not nested in what it describes");
        }
        this.clazz = (Class<? extends T>) outer;
    }

    public String getDisplayName() {
        return clazz.getSimpleName();
    }

    /** What checks a field of a form; nobody shows forms here. */
    public FormValidation.CheckMethod getCheckMethod(String fieldName) {
        return new FormValidation.CheckMethod(this, fieldName);
    }

    /** Writes the configuration; the embedded runtime keeps none. */
    @Override
    public synchronized void save() {}

    /** Takes the configuration from system properties, see {@link ConfigurationProperties}. */
    public synchronized void load() {
        ConfigurationProperties.applyTo(this);
    }

    /** Takes what a form sends; nobody sends forms here. */
    public boolean configure(StaplerRequest2 req, JSONObject json) throws FormException {
        return true;
    }

    /** Makes an object of what a form sends; nobody sends forms here. */
    public T newInstance(StaplerRequest2 req, JSONObject formData) throws FormException {
        throw new UnsupportedOperationException();
    }

    /** A value in a form cannot be accepted. */
    public static final class FormException extends Exception {
        private static final long serialVersionUID = 1L;
        private final String formField;

        public FormException(String message, String formField) {
            super(message);
            this.formField = formField;
        }

        public FormException(String message, Throwable cause, String formField) {
            super(message, cause);
            this.formField = formField;
        }

        public FormException(Throwable cause, String formField) {
            super(cause);
            this.formField = formField;
        }
    }
}
