package org.jenkinsci.plugins.scriptsecurity.sandbox.whitelists;

import java.lang.reflect.Method;
import org.jenkinsci.plugins.scriptsecurity.sandbox.Whitelist;

/** Allows nothing by itself. */
public abstract class AbstractWhitelist extends Whitelist {

    @Override
    public boolean permitsMethod(Method method, Object receiver, Object[] args) {
        return false;
    }

    @Override
    public boolean permitsStaticMethod(Method method, Object[] args) {
        return false;
    }
}
