package hudson;

import edu.umd.cs.findbugs.annotations.CheckForNull;
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

    /** The extension of exactly this class. */
    public @CheckForNull <U extends T> U get(Class<U> type) {
        return extensions.stream()
                .filter(extension -> extension.getClass() == type)
                .map(type::cast)
                .findFirst()
                .orElse(null);
    }

    public <U extends T> U getInstance(Class<U> type) {
        U found = get(type);
        if (found == null) {
            throw new IllegalStateException("No extension of " + type.getName());
        }
        return found;
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

    /** @throws IllegalStateException if there is none */
    public static <U> U lookupFirst(Class<U> type) {
        ExtensionList<U> all = lookup(type);
        if (all.isEmpty()) {
            throw new IllegalStateException("No extension of " + type.getName());
        }
        return all.get(0);
    }
}
