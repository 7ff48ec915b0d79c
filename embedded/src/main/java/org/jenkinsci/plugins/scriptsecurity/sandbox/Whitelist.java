package org.jenkinsci.plugins.scriptsecurity.sandbox;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.ExtensionPoint;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Method;

/** Tells what scripts in Jenkins' sandbox may call; the embedded runtime has no sandbox, so nobody asks. */
public abstract class Whitelist implements ExtensionPoint {

    public abstract boolean permitsMethod(@NonNull Method method, @NonNull Object receiver, @NonNull Object[] args);

    public abstract boolean permitsConstructor(@NonNull Constructor<?> constructor, @NonNull Object[] args);

    public abstract boolean permitsStaticMethod(@NonNull Method method, @NonNull Object[] args);

    public abstract boolean permitsFieldGet(@NonNull Field field, @NonNull Object receiver);

    public abstract boolean permitsFieldSet(@NonNull Field field, @NonNull Object receiver, @CheckForNull Object value);

    public abstract boolean permitsStaticFieldGet(@NonNull Field field);

    public abstract boolean permitsStaticFieldSet(@NonNull Field field, @CheckForNull Object value);
}
