package hudson;

import io.jenkins.plugins.concurrency.embedded.Extensions;
import java.util.AbstractList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Every extension of one type, by descending ordinal. A list is a snapshot: nothing is installed while a build runs.
 * Thread safe.
 */
public class ExtensionList<T> extends AbstractList<T> {

    public final Class<T> extensionType;
    private final List<T> extensions;

    private ExtensionList(Class<T> extensionType) {
        this.extensionType = extensionType;
        this.extensions = Extensions.get().ofType(extensionType);
    }

    @Override
    public T get(int index) {
        return extensions.get(index);
    }

    @Override
    public int size() {
        return extensions.size();
    }

    public static <T> ExtensionList<T> lookup(Class<T> type) {
        return new ExtensionList<>(type);
    }

    /** @throws IllegalStateException if there is not exactly one */
    public static <U> U lookupSingleton(Class<U> type) {
        ExtensionList<U> all = lookup(type);
        if (all.size() != 1) {
            throw new IllegalStateException("Expected one extension of " + type.getName() + " but found "
                    + all.stream().map(extension -> extension.getClass().getName()).collect(Collectors.toList()));
        }
        return all.get(0);
    }
}
