package io.jenkins.plugins.concurrency.engine.pool.function;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import groovy.lang.Binding;
import groovy.lang.GroovyClassLoader;
import groovy.lang.Script;
import java.io.IOException;
import java.net.URL;
import java.util.List;
import org.codehaus.groovy.control.CompilationFailedException;
import org.codehaus.groovy.runtime.InvokerHelper;

/** A compiled function. The only class that knows Groovy. Safe for use by many threads. */
final class GroovyFunction {

    private static final String FILE = "function.groovy";

    private final Class<? extends Script> script;

    private GroovyFunction(Class<? extends Script> script) {
        this.script = script;
    }

    /**
     * Compiles a function.
     *
     * @throws IOException if it does not compile, in a few lines
     */
    @NonNull
    static GroovyFunction compile(@NonNull String source, @NonNull List<URL> classPath) throws IOException {
        GroovyClassLoader loader = new GroovyClassLoader(GroovyFunction.class.getClassLoader());
        classPath.forEach(loader::addURL);
        Thread.currentThread().setContextClassLoader(loader);
        try {
            return new GroovyFunction(loader.parseClass(source, FILE).asSubclass(Script.class));
        } catch (CompilationFailedException e) {
            throw new IOException("the function does not compile: " + e.getMessage(), e);
        }
    }

    /** Calls the function. Throws whatever it throws. */
    @CheckForNull
    Object call(@CheckForNull Object input, int index) {
        Binding binding = new Binding();
        binding.setVariable("input", input);
        binding.setVariable("index", index);
        return InvokerHelper.createScript(script, binding).run();
    }

    /** The exception with the line of the function that it came from, as a person would look for it. */
    @NonNull
    static String describe(@NonNull Throwable thrown) {
        for (StackTraceElement frame : thrown.getStackTrace()) {
            if (FILE.equals(frame.getFileName()) && frame.getLineNumber() > 0) {
                return thrown + " (line " + frame.getLineNumber() + ")";
            }
        }
        return thrown.toString();
    }
}
