package io.jenkins.plugins.concurrency.steps.parameter;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The allowed values of a parameter, on the method that gets its value; without this a whole number may be 0 or more.
 * {@link StepParameters} checks calls against it.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface AllowedValues {

    /** The smallest number. */
    long least() default 0;

    /** The largest number. */
    long most() default Long.MAX_VALUE;

    /** A word that is allowed instead of a number; empty for none. */
    String word() default "";

    /** Whether it is a time in seconds, which may have decimals. */
    boolean seconds() default false;
}
