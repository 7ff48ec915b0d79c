package io.jenkins.plugins.concurrency.embedded.page;

import hudson.model.Action;
import hudson.model.Run;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.StaplerResponse2;

/** Saves what a browser would get for {@code <build>/<action>/<page>}: there is no server to ask. */
public final class SavedPage {

    private SavedPage() {}

    /**
     * Calls the web method of an action and writes its answer to a file, with the folders above it.
     *
     * @return whether the build has the action
     * @throws IOException if the page can't be made or the file not be written
     */
    public static boolean save(Run<?, ?> run, String action, String page, Path file) throws IOException {
        for (Action each : run.getAllActions()) {
            if (action.equals(each.getUrlName())) {
                Path target = file.toAbsolutePath();
                Files.createDirectories(target.getParent());
                try (Writer out = Files.newBufferedWriter(target)) {
                    call(each, "do" + Character.toUpperCase(page.charAt(0)) + page.substring(1), out);
                }
                return true;
            }
        }
        return false;
    }

    private static void call(Object page, String method, Writer out) throws IOException {
        try {
            Method web = page.getClass().getMethod(method, StaplerRequest2.class, StaplerResponse2.class);
            web.invoke(page, fake(StaplerRequest2.class, null), fake(StaplerResponse2.class, new PrintWriter(out)));
        } catch (InvocationTargetException e) {
            throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IOException(e);
        }
    }

    /** A request without parameters, or a response that only keeps what is written to it. */
    private static <T> T fake(Class<T> type, PrintWriter writer) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> method.getName().equals("getWriter") ? writer : null));
    }
}
