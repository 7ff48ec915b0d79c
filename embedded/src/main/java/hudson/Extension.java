package hudson;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import net.java.sezpoz.Indexable;

/**
 * Marks an implementation of an {@link ExtensionPoint}. The compiler lists what carries it in
 * {@code META-INF/annotations/hudson.Extension}, which is where {@link ExtensionList} (and Jenkins) look.
 */
@Indexable
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.FIELD, ElementType.METHOD})
@Documented
public @interface Extension {

    /** Extensions with a higher number come first. */
    double ordinal() default 0;
}
