package org.jenkinsci.plugins.structs.describable;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import hudson.ExtensionList;
import io.jenkins.plugins.concurrency.embedded.script.Coercion;
import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jenkinsci.plugins.workflow.steps.StepDescriptor;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/**
 * How named arguments make an object: through its {@link DataBoundConstructor}, then its {@link DataBoundSetter}s.
 * Immutable and thread safe.
 */
public final class DescribableModel<T> {

    private final Class<T> type;
    private final Constructor<T> constructor;
    private final String[] constructorNames;
    /** Setters and fields by parameter name. */
    private final Map<String, AccessibleObject> optional = new LinkedHashMap<>();

    public DescribableModel(Class<T> clazz) {
        this.type = clazz;
        this.constructor = constructorOf(clazz);
        if (constructor == null) {
            throw new IllegalArgumentException(clazz.getName() + " has no constructor with @DataBoundConstructor");
        }
        this.constructorNames = Arrays.stream(constructor.getParameters()).map(parameter -> {
            if (!parameter.isNamePresent()) {
                throw new IllegalArgumentException(clazz.getName() + " was compiled without parameter names");
            }
            return parameter.getName();
        }).toArray(String[]::new);
        findSetters(clazz);
    }

    public static <T> DescribableModel<T> of(Class<T> clazz) {
        return new DescribableModel<>(clazz);
    }

    /** The model of a step's class, or null if its descriptor makes it in a way of its own. */
    public static @CheckForNull DescribableModel<?> ofStep(StepDescriptor descriptor) {
        return constructorOf(descriptor.clazz) == null ? null : of(descriptor.clazz);
    }

    @SuppressWarnings("unchecked")
    private static <T> Constructor<T> constructorOf(Class<T> clazz) {
        for (Constructor<?> candidate : clazz.getConstructors()) {
            if (candidate.isAnnotationPresent(DataBoundConstructor.class)) {
                return (Constructor<T>) candidate;
            }
        }
        return null;
    }

    private void findSetters(Class<?> clazz) {
        for (Class<?> c = clazz; c != null; c = c.getSuperclass()) {
            for (Field field : c.getDeclaredFields()) {
                if (field.isAnnotationPresent(DataBoundSetter.class)) {
                    optional.putIfAbsent(field.getName(), accessible(field));
                }
            }
            for (Method method : c.getDeclaredMethods()) {
                if (method.isAnnotationPresent(DataBoundSetter.class) && !Modifier.isStatic(method.getModifiers())) {
                    optional.putIfAbsent(propertyOf(method), accessible(method));
                }
            }
        }
    }

    private static <A extends AccessibleObject> A accessible(A member) {
        member.setAccessible(true);
        return member;
    }

    private static String propertyOf(Method setter) {
        String name = setter.getName();
        if (!name.matches("set.+") || setter.getParameterCount() != 1) {
            throw new IllegalArgumentException("@DataBoundSetter on what is no setter: " + setter);
        }
        return Character.toLowerCase(name.charAt(3)) + name.substring(4);
    }

    /** The parameters, those of the constructor first. */
    public Set<String> parameterNames() {
        Map<String, Object> names = new LinkedHashMap<>();
        Arrays.stream(constructorNames).forEach(name -> names.put(name, null));
        optional.keySet().stream().sorted().forEach(name -> names.putIfAbsent(name, null));
        return names.keySet();
    }

    /** What a single unnamed argument is meant for: the constructor's parameter if it has exactly one. */
    public @CheckForNull String soleParameter() {
        return constructorNames.length == 1 ? constructorNames[0] : null;
    }

    /**
     * Makes an object of these arguments, which are converted to the types of the parameters as far as that loses
     * nothing.
     *
     * <p>Throws, although Jenkins' method can't declare it, an {@link AbortException} that names the parameter if one is
     * unknown or of a wrong type.
     *
     * @throws IllegalArgumentException if the constructor or a setter refuses them
     */
    public T instantiate(Map<String, ?> arguments) throws IllegalArgumentException {
        try {
            return bind(arguments);
        } catch (AbortException e) {
            throw DescribableModel.<RuntimeException>undeclared(e);
        }
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> E undeclared(Throwable thrown) throws E {
        throw (E) thrown;
    }

    private T bind(Map<String, ?> arguments) throws AbortException {
        for (String name : arguments.keySet()) {
            if (!parameterNames().contains(name)) {
                throw new AbortException(label() + ": unknown parameter '" + name + "'; "
                        + (parameterNames().isEmpty() ? "it takes none" : "valid are: " + String.join(", ", parameterNames())));
            }
        }
        try {
            T object = constructor.newInstance(constructorArguments(arguments));
            for (Map.Entry<String, AccessibleObject> parameter : optional.entrySet()) {
                if (arguments.containsKey(parameter.getKey())) {
                    set(object, parameter.getKey(), parameter.getValue(), arguments.get(parameter.getKey()));
                }
            }
            return object;
        } catch (InvocationTargetException e) {
            Throwable cause = e.getCause();
            throw new IllegalArgumentException(
                    "Could not instantiate " + arguments + " for " + type.getName() + ": " + cause, cause);
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException("Could not instantiate " + type.getName(), e);
        }
    }

    private Object[] constructorArguments(Map<String, ?> arguments) throws AbortException {
        Type[] types = constructor.getGenericParameterTypes();
        Object[] values = new Object[constructorNames.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = convert(constructorNames[i], types[i], arguments.get(constructorNames[i]));
        }
        return values;
    }

    private void set(T object, String name, AccessibleObject member, Object value)
            throws AbortException, ReflectiveOperationException {
        if (member instanceof Method setter) {
            setter.invoke(object, convert(name, setter.getGenericParameterTypes()[0], value));
        } else if (member instanceof Field field) {
            field.set(object, convert(name, field.getGenericType(), value));
        }
    }

    private Object convert(String name, Type target, Object value) throws AbortException {
        try {
            return Coercion.convert(value, target);
        } catch (Coercion.Refused refused) {
            throw new AbortException(label() + ": parameter '" + name + "' " + refused.getMessage());
        }
    }

    /** What scripts call it. */
    private String label() {
        return ExtensionList.lookup(StepDescriptor.class).stream()
                .filter(descriptor -> descriptor.clazz == type)
                .map(StepDescriptor::getFunctionName)
                .findFirst()
                .orElse(type.getSimpleName());
    }
}
