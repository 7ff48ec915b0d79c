package io.jenkins.plugins.concurrency.architecture;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.BeforeClass;
import org.junit.Test;

/** What docs/architecture.md says of rooms and classes is so. */
public class ArchitectureTextTest {

    private static final String ROOT = "io.jenkins.plugins.concurrency";

    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([a-z.]+)` \\|");
    private static final Pattern NAME = Pattern.compile("`([A-Z][a-z0-9]+(?:[A-Z][A-Za-z0-9]*)+)[`#.]");
    private static final Pattern NAME_ON_A_WAY = Pattern.compile("`([A-Z]\\w*)`");
    private static final Pattern STEP_OF_A_WAY = Pattern.compile("(?m)^\\d+\\. .*(?:\n {4}.*)*$");

    /** Names on the page that are not the plugin's. */
    private static final Set<String> OTHERS = Set.of("AbortException", "ConcurrencySteps");

    private static String text;
    private static Map<String, JavaClass> classes;
    private static Set<String> rooms;

    @BeforeClass
    public static void read() throws IOException {
        text = Files.readString(sources().resolve("docs/architecture.md"));
        JavaClasses all = new ClassFileImporter()
                .withImportOptions(List.of(new ImportOption.DoNotIncludeTests(), new ArchitectureTest.OnlyThePlugin()))
                .importPackages(ROOT);
        classes = new HashMap<>();
        rooms = new TreeSet<>();
        for (JavaClass one : all) {
            if (one.isTopLevelClass() && !one.getSimpleName().equals("package-info")) {
                classes.put(one.getSimpleName(), one);
                rooms.add(one.getPackageName().substring(ROOT.length() + 1));
            }
        }
    }

    /** The embedded build runs in a folder of its own. */
    private static Path sources() {
        Path directory = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(directory.resolve("src/main/webapp"))) {
            directory = directory.getParent();
        }
        return directory;
    }

    private static Set<String> found(Pattern pattern, String in) {
        return pattern.matcher(in).results().map(match -> match.group(1)).collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    public void eachRoomHasOneRow() {
        Set<String> rows = found(ROW, text.substring(text.indexOf("## Layers"), text.indexOf("## Words")));

        assertEquals(rooms, rows);
    }

    @Test
    public void eachNamedClassIsThere() throws IOException {
        Set<String> there = new TreeSet<>(classes.keySet());
        there.addAll(OTHERS);
        try (var files = Files.walk(sources().resolve("src/test/java"))) {
            files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".java"))
                    .forEach(name -> there.add(name.substring(0, name.length() - ".java".length())));
        }
        Set<String> named = found(NAME, text);
        assertTrue("names are found", named.contains("FetchEngine"));

        named.removeAll(there);

        assertEquals("no class has this name", Set.of(), named);
    }

    /** A way goes from class to class: each one that is named uses, or is used by, another one close to it. */
    @Test
    public void theWaysAreThoseOfTheCode() {
        for (String heading : List.of("## The way of a URL", "## The way of an input")) {
            List<Set<String>> steps = steps(heading);
            assertEquals(heading + " has twelve lines", 12, steps.size());
            for (int i = 0; i < steps.size(); i++) {
                assertFalse(heading + ", line " + (i + 1) + " names a class", steps.get(i).isEmpty());
                Set<String> near = new TreeSet<>(steps.get(i));
                near.addAll(i == 0 ? Set.of() : steps.get(i - 1));
                near.addAll(i == steps.size() - 1 ? Set.of() : steps.get(i + 1));
                for (String name : steps.get(i)) {
                    assertTrue(name, classes.containsKey(name));
                    assertTrue(
                            heading + ", line " + (i + 1) + ": " + name + " has to do with none of " + near,
                            near.stream().filter(classes::containsKey).anyMatch(other -> isLinked(name, other)));
                }
            }
        }
    }

    private static List<Set<String>> steps(String heading) {
        int start = text.indexOf(heading);
        assertTrue(heading, start >= 0);
        int end = text.indexOf("\n## ", start);
        List<Set<String>> steps = new ArrayList<>();
        for (Matcher line = STEP_OF_A_WAY.matcher(text.substring(start, end)); line.find(); ) {
            steps.add(found(NAME_ON_A_WAY, line.group()));
        }
        return steps;
    }

    private static boolean isLinked(String one, String other) {
        return !one.equals(other) && (uses(one, other) || uses(other, one));
    }

    private static boolean uses(String user, String used) {
        JavaClass target = classes.get(used);
        return classes.get(user).getPackage().getClasses().stream()
                .filter(part -> outermost(part).equals(classes.get(user)))
                .flatMap(part -> part.getDirectDependenciesFromSelf().stream())
                .anyMatch(dependency -> outermost(dependency.getTargetClass().getBaseComponentType()).equals(target));
    }

    private static JavaClass outermost(JavaClass one) {
        return one.getEnclosingClass().map(ArchitectureTextTest::outermost).orElse(one);
    }
}
