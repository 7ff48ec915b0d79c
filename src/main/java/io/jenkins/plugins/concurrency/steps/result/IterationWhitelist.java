package io.jenkins.plugins.concurrency.steps.result;

import hudson.Extension;
import java.lang.reflect.Method;
import java.util.Set;
import org.jenkinsci.plugins.scriptsecurity.sandbox.whitelists.AbstractWhitelist;

/**
 * Allows sandboxed scripts Groovy's methods for iterables on {@link BranchResults}, and on nothing else. Script
 * Security lists many of them for collections only, and {@link BranchResults} must not be one.
 */
@Extension
public final class IterationWhitelist extends AbstractWhitelist {

    private static final String GROOVY_METHODS = "org.codehaus.groovy.runtime.DefaultGroovyMethods";

    /** Methods that only read, and call nothing but the given closure. */
    private static final Set<String> METHODS = Set.of("""
            any collate collect collectEntries collectMany count countBy disjoint drop dropRight dropWhile
            each eachWithIndex every find findAll findIndexOf findIndexValues findLastIndexOf findResult
            findResults first groupBy head init inject intersect join last max min minus plus sort split
            sum tail take takeRight takeWhile toList toSet toSorted toUnique withIndex
            """.split("\\s+"));

    @Override
    public boolean permitsStaticMethod(Method method, Object[] args) {
        return method.getDeclaringClass().getName().equals(GROOVY_METHODS)
                && METHODS.contains(method.getName())
                && args.length > 0
                && args[0] instanceof BranchResults;
    }

    /**
     * Permits <code>results*.name</code>, but no property that Groovy would find elsewhere, such as a private field.
     */
    @Override
    public boolean permitsMethod(Method method, Object receiver, Object[] args) {
        return receiver instanceof BranchResults
                && method.getName().equals("getProperty")
                && args.length == 1
                && args[0] instanceof String property
                && BranchResult.PROPERTIES.containsKey(property);
    }
}
