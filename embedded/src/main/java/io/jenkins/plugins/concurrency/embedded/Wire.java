package io.jenkins.plugins.concurrency.embedded;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.io.Serializable;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Sends objects to an agent that is this very process: through Java serialization and back. Objects that belong to the
 * controller (a build's listener, exported objects) arrive as themselves. Thread safe.
 */
public final class Wire {

    private static final AtomicLong NEXT = new AtomicLong();
    /** What was referred to, for as long as the process runs: a run of the embedded runtime is short. */
    private static final Map<Long, Object> EXPORTED = new ConcurrentHashMap<>();

    private Wire() {}

    /**
     * The object as it arrives at the other end.
     *
     * @throws IOException if it, or something it refers to, cannot be serialized
     */
    @SuppressWarnings("unchecked")
    public static <T> T copy(T object) throws IOException {
        if (object == null) {
            return null;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(object);
        }
        ClassLoader loader = object.getClass().getClassLoader();
        try (ObjectInputStream in = new LoaderInputStream(bytes.toByteArray(), loader)) {
            return (T) in.readObject();
        } catch (ClassNotFoundException e) {
            throw new IOException("Cannot find a class of what was sent", e);
        }
    }

    /** The failure as it arrives, or the failure itself where it refers to what cannot travel. */
    public static Throwable copyFailure(Throwable failure) {
        try {
            return copy(failure);
        } catch (IOException | RuntimeException e) {
            return failure;
        }
    }

    /** What to serialize in place of an object that must arrive as itself; for {@code writeReplace}. */
    public static Object reference(Object object) {
        return new Reference(register(object));
    }

    /** A proxy that survives serialization and passes calls, with copies of their arguments, on to the object. */
    public static <T> T export(Class<T> type, T instance) {
        Exported handler = new Exported(register(instance));
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private static long register(Object object) {
        long id = NEXT.incrementAndGet();
        EXPORTED.put(id, object);
        return id;
    }

    private static final class Reference implements Serializable {
        private static final long serialVersionUID = 1L;
        private final long id;

        Reference(long id) {
            this.id = id;
        }

        private Object readResolve() {
            return EXPORTED.get(id);
        }
    }

    private static final class Exported implements InvocationHandler, Serializable {
        private static final long serialVersionUID = 1L;
        private final long id;

        Exported(long id) {
            this.id = id;
        }

        @Override
        public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
            Object target = EXPORTED.get(id);
            if (method.getDeclaringClass() == Object.class) {
                return switch (method.getName()) {
                    case "equals" -> Proxy.isProxyClass(arguments[0].getClass())
                            && Proxy.getInvocationHandler(arguments[0]) instanceof Exported other
                            && EXPORTED.get(other.id) == target;
                    case "hashCode" -> System.identityHashCode(target);
                    default -> "exported " + target;
                };
            }
            try {
                return copy(method.invoke(target, copy(arguments)));
            } catch (InvocationTargetException e) {
                throw copyFailure(e.getCause());
            }
        }
    }

    /** Finds classes where the sent object's class was found, which in tests is not this class's loader. */
    private static final class LoaderInputStream extends ObjectInputStream {
        private final ClassLoader loader;

        LoaderInputStream(byte[] bytes, ClassLoader loader) throws IOException {
            super(new ByteArrayInputStream(bytes));
            this.loader = loader;
        }

        @Override
        protected Class<?> resolveClass(ObjectStreamClass description) throws IOException, ClassNotFoundException {
            try {
                return Class.forName(description.getName(), false, loader);
            } catch (ClassNotFoundException e) {
                return super.resolveClass(description);
            }
        }
    }
}
