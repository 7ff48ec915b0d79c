package io.jenkins.plugins.concurrency.acceptance;

import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.kohsuke.stapler.DataBoundSetter;

/** A page of the documentation: the scripts that it shows, without Declarative Pipelines, and the names that its tables list. */
record DocumentedScripts(String page) {

    private static final Pattern SCRIPT = Pattern.compile("```groovy\n(?!pipeline \\{)(.*?)```", Pattern.DOTALL);
    private static final Pattern NAME = Pattern.compile("`(\\w+)`");

    /** @param name of the file in docs */
    static DocumentedScripts of(String name) throws IOException {
        Path embedded = Path.of(System.getProperty("embedded.basedir", "")).toAbsolutePath();
        return new DocumentedScripts(Files.readString(embedded.resolveSibling("docs").resolve(name)));
    }

    /** The first script below a heading. */
    String script(String heading) {
        String section = page.substring(page.indexOf(heading + "\n"));
        Matcher script = SCRIPT.matcher(section);
        assertTrue(heading, script.find());
        return script.group(1);
    }

    /** How many scripts there are. */
    int scripts() {
        return (int) SCRIPT.matcher(page).results().count();
    }

    /** What stands between backquotes in the first columns of the tables of a section. */
    Set<String> rows(String from, String to) {
        String section = page.substring(page.indexOf(from), page.indexOf(to));
        Set<String> names = new TreeSet<>();
        for (String line : section.lines().filter(row -> row.startsWith("| `")).toList()) {
            Matcher name = NAME.matcher(line.substring(0, line.indexOf('|', 1)));
            while (name.find()) {
                names.add(name.group(1));
            }
        }
        return names;
    }

    /** A step's parameters, but for those that all steps have. */
    static Set<String> parameters(Class<?> step) {
        Set<String> parameters = Arrays.stream(step.getMethods())
                .filter(method -> method.isAnnotationPresent(DataBoundSetter.class))
                .map(setter -> setter.getName().substring(3, 4).toLowerCase() + setter.getName().substring(4))
                .collect(Collectors.toCollection(TreeSet::new));
        parameters.removeAll(Set.of("name", "onFailure", "failFast", "failFastMode", "retries", "retryDelay", "quiet", "junit", "resumeFrom"));
        return parameters;
    }
}
