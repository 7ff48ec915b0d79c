package hudson.util;

import hudson.Util;
import hudson.model.Descriptor;
import java.io.IOException;
import java.util.Collection;

/** What a form says of a value that was entered. Immutable. */
public abstract class FormValidation extends IOException {

    private static final long serialVersionUID = 1L;

    /** How bad it is. */
    public enum Kind {
        OK,
        WARNING,
        ERROR
    }

    public final Kind kind;

    private FormValidation(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public abstract String renderHtml();

    public static FormValidation ok() {
        return of(Kind.OK, null);
    }

    public static FormValidation ok(String message) {
        return of(Kind.OK, message);
    }

    public static FormValidation warning(String message) {
        return of(Kind.WARNING, message);
    }

    public static FormValidation error(String message) {
        return of(Kind.ERROR, message);
    }

    /** All messages in one, as bad as the worst of them. */
    public static FormValidation aggregate(Collection<FormValidation> validations) {
        Kind worst = Kind.OK;
        StringBuilder messages = new StringBuilder();
        for (FormValidation validation : validations) {
            worst = validation.kind.compareTo(worst) > 0 ? validation.kind : worst;
            if (validation.getMessage() != null) {
                messages.append(messages.length() == 0 ? "" : "\n").append(validation.getMessage());
            }
        }
        return of(worst, Util.fixEmpty(messages.toString()));
    }

    private static FormValidation of(Kind kind, String message) {
        return new FormValidation(kind, message) {
            private static final long serialVersionUID = 1L;

            @Override
            public String renderHtml() {
                return message == null ? "<div/>" : "<div class=" + kind.name().toLowerCase(java.util.Locale.ROOT) + ">"
                        + Util.escape(message) + "</div>";
            }
        };
    }

    @Override
    public String toString() {
        return kind + (getMessage() == null ? "" : ": " + getMessage());
    }

    /** How a field of a form is checked; nobody shows forms here. */
    public static class CheckMethod {

        public CheckMethod(Descriptor descriptor, String fieldName) {}

        public String toStemUrl() {
            return null;
        }

        public String getDependsOn() {
            return null;
        }
    }
}
