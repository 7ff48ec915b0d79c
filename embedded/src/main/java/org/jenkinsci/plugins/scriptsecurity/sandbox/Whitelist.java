package org.jenkinsci.plugins.scriptsecurity.sandbox;

import hudson.ExtensionPoint;
import java.lang.reflect.Method;

/** Tells what scripts in Jenkins' sandbox may call; the embedded runtime has no sandbox, so nobody asks. */
public abstract class Whitelist implements ExtensionPoint {

    public abstract boolean permitsMethod(Method method, Object receiver, Object[] args);

    public abstract boolean permitsStaticMethod(Method method, Object[] args);
}
