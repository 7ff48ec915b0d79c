package io.jenkins.plugins.concurrency.embedded;

import hudson.init.Terminator;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Calls what wants to be called when the controller shuts down. */
final class Terminators {

    private static final Logger LOGGER = Logger.getLogger(Terminators.class.getName());

    private Terminators() {}

    /** One that fails does not keep the others from running. */
    static void run() {
        try {
            for (Method method : annotated()) {
                call(method);
            }
        } catch (IOException | ReflectiveOperationException e) {
            LOGGER.log(Level.WARNING, "Cannot find what to call at the shutdown", e);
        }
    }

    private static void call(Method method) {
        try {
            method.setAccessible(true);
            method.invoke(null);
        } catch (ReflectiveOperationException | RuntimeException e) {
            LOGGER.log(Level.WARNING, "Shutdown: " + method + " failed", e);
        }
    }

    private static List<Method> annotated() throws IOException, ReflectiveOperationException {
        ClassLoader loader = Terminators.class.getClassLoader();
        List<Method> methods = new ArrayList<>();
        for (String name : classes(loader)) {
            for (Method method : Class.forName(name, true, loader).getDeclaredMethods()) {
                if (method.isAnnotationPresent(Terminator.class)
                        && Modifier.isStatic(method.getModifiers())
                        && method.getParameterCount() == 0) {
                    methods.add(method);
                }
            }
        }
        return methods;
    }

    private static Set<String> classes(ClassLoader loader) throws IOException {
        Set<String> names = new LinkedHashSet<>();
        String index = "META-INF/services/annotations/" + Terminator.class.getName();
        for (URL url : Collections.list(loader.getResources(index))) {
            try (BufferedReader lines =
                    new BufferedReader(new InputStreamReader(url.openStream(), StandardCharsets.UTF_8))) {
                lines.lines().filter(line -> !line.isBlank()).forEach(names::add);
            }
        }
        return names;
    }
}
