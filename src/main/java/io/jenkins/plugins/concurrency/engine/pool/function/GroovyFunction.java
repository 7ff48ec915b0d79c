package io.jenkins.plugins.concurrency.engine.pool.function;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import groovy.lang.Binding;
import groovy.lang.GroovyClassLoader;
import groovy.lang.Script;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.net.URL;
import java.util.List;
import org.codehaus.groovy.control.CompilationFailedException;

/** A compiled function. The only class that uses Groovy. Thread-safe. */
record GroovyFunction(Constructor<? extends Script> constructor) {

    private static final String FILE = "function.groovy";

    /**
     * Compiles a function.
     *
     * @throws IOException if it does not compile; with a message of a few lines
     */
    static GroovyFunction compile(String source, List<URL> classPath) throws IOException {
        GroovyClassLoader loader = new GroovyClassLoader(GroovyFunction.class.getClassLoader());
        classPath.forEach(loader::addURL);
        Thread.currentThread().setContextClassLoader(loader);
        try {
            Class<?> compiled = loader.parseClass(source, FILE);
            return new GroovyFunction(compiled.asSubclass(Script.class).getConstructor());
        } catch (CompilationFailedException e) {
            throw new IOException("the function does not compile: " + e.getMessage(), e);
        } catch (ClassCastException | NoSuchMethodException e) {
            throw new IOException("the function is a class and not a script; add statements after it", e);
        } catch (RuntimeException | LinkageError | AssertionError | StackOverflowError e) {
            // annotations in the source can run code that fails, or need missing classes
            throw new IOException("the function does not compile: " + reason(e), e);
        }
    }

    private static String reason(Throwable thrown) {
        return String.valueOf(thrown.getMessage()).contains("org/apache/ivy/")
                ? "@Grab needs Ivy, which is not available; put the jars into the workspace and name them with 'classpath'"
                : thrown.toString();
    }

    /**
     * Calls the function. What the function throws is passed on.
     *
     * @throws ReflectiveOperationException if its class can't be initialized
     */
    @CheckForNull
    Object call(@CheckForNull Object input, int index) throws ReflectiveOperationException {
        Binding binding = new Binding();
        binding.setVariable("input", input);
        binding.setVariable("index", index);
        Script script = constructor.newInstance();
        script.setBinding(binding);
        return script.run();
    }

    /** The exception, and the line of the function where it was thrown. */
    static String describe(Throwable thrown) {
        for (StackTraceElement frame : thrown.getStackTrace()) {
            if (FILE.equals(frame.getFileName()) && frame.getLineNumber() > 0) {
                return thrown + " (line " + frame.getLineNumber() + ")";
            }
        }
        return thrown.toString();
    }
}
