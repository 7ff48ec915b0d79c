package org.jenkinsci.plugins.scriptsecurity.sandbox;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.ExtensionPoint;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Method;

/** Tells what scripts in Jenkins' sandbox may call; the embedded runtime has no sandbox, so nobody asks. */
public abstract class Whitelist implements ExtensionPoint {

    public abstract boolean permitsMethod(Method method, Object receiver, Object[] args);

    public abstract boolean permitsConstructor(Constructor<?> constructor, Object[] args);

    public abstract boolean permitsStaticMethod(Method method, Object[] args);

    public abstract boolean permitsFieldGet(Field field, Object receiver);

    public abstract boolean permitsFieldSet(Field field, Object receiver, @CheckForNull Object value);

    public abstract boolean permitsStaticFieldGet(Field field);

    public abstract boolean permitsStaticFieldSet(Field field, @CheckForNull Object value);
}
