package io.jenkins.plugins.concurrency.embedded;

import hudson.Extension;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import net.java.sezpoz.Index;
import net.java.sezpoz.IndexItem;

/**
 * What carries {@link Extension}, as the indexes on the class path list it, one object each, made when first asked for.
 * Thread safe.
 */
public final class Extensions {

    private static final Logger LOGGER = Logger.getLogger(Extensions.class.getName());

    private static Extensions instance;

    private final List<Found> all = new ArrayList<>();

    private Extensions(ClassLoader loader) {
        for (IndexItem<Extension, Object> item : Index.load(Extension.class, Object.class, loader)) {
            try {
                all.add(new Found(item));
            } catch (InstantiationException | LinkageError e) {
                LOGGER.log(Level.WARNING, "Cannot load the extension " + item.className(), e);
            }
        }
        all.sort(Comparator.comparingDouble((Found found) -> found.ordinal).reversed());
    }

    public static synchronized Extensions get() {
        if (instance == null) {
            instance = new Extensions(Extensions.class.getClassLoader());
        }
        return instance;
    }

    /** The extensions of this type, those of higher ordinals first. */
    public <T> List<T> ofType(Class<T> type) {
        return all.stream()
                .filter(found -> type.isAssignableFrom(found.type))
                .map(Found::get)
                .map(type::cast)
                .collect(Collectors.toList());
    }

    private static final class Found {
        private final IndexItem<Extension, Object> item;
        private final Class<?> type;
        private final double ordinal;
        private Object object;

        Found(IndexItem<Extension, Object> item) throws InstantiationException {
            this.item = item;
            AnnotatedElement element = item.element();
            if (element instanceof Field field) {
                type = field.getType();
            } else if (element instanceof Method method) {
                type = method.getReturnType();
            } else {
                type = (Class<?>) element;
            }
            ordinal = item.annotation().ordinal();
        }

        synchronized Object get() {
            if (object == null) {
                try {
                    object = item.instance();
                } catch (InstantiationException e) {
                    throw new IllegalStateException("Cannot make the extension " + item.className(), e);
                }
            }
            return object;
        }
    }
}
