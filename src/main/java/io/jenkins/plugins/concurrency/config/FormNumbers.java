package io.jenkins.plugins.concurrency.config;

import hudson.model.Failure;
import java.lang.reflect.Type;
import org.kohsuke.stapler.BindInterceptor;

/**
 * Refuses a text from a form that should be a number and is not. Otherwise Jenkins would use 0 or no value instead,
 * which often means no limit.
 */
final class FormNumbers extends BindInterceptor {

    /** @throws Failure if a text is not a number that the field can have, in one line, which the form shows */
    @Override
    public Object onConvert(Type genericType, Class type, Object json) {
        if (!(json instanceof String text) || text.isBlank()) {
            return DEFAULT;
        }
        try {
            if (type == int.class || type == Integer.class) {
                return Integer.valueOf(text.strip());
            }
            return type == double.class ? Double.valueOf(text.strip()) : DEFAULT;
        } catch (NumberFormatException e) {
            String allowed = type == double.class ? "a number" : "a whole number up to " + Integer.MAX_VALUE;
            throw new Failure("'" + text.strip() + "' is given; allowed is " + allowed);
        }
    }
}
