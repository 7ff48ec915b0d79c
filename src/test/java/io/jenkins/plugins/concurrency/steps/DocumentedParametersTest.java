package io.jenkins.plugins.concurrency.steps;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.concurrency.steps.fetch.ParallelFetchStep;
import io.jenkins.plugins.concurrency.steps.gather.GatherStep;
import io.jenkins.plugins.concurrency.steps.pool.CpuPoolStep;
import io.jenkins.plugins.concurrency.steps.pool.IoPoolStep;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jenkinsci.plugins.structs.describable.DescribableModel;
import org.jenkinsci.plugins.structs.describable.DescribableParameter;
import org.junit.ClassRule;
import org.junit.Test;
import org.jvnet.hudson.test.JenkinsRule;

/** Code, forms, help and docs know the same parameters, with the same defaults. */
public class DocumentedParametersTest {

    @ClassRule
    public static final JenkinsRule JENKINS = new JenkinsRule();

    private static final Pattern CODE = Pattern.compile("`([^`]*)`");

    /** What stands in the column of defaults for none. */
    private static final Set<String> NONE = Set.of("–", "none", "the step's name");

    private static final String COMMON = "steps.md#Parameters of all steps";

    private static final String MATRIX = "steps.md#Matrix";

    private static final String NODES = "steps.md#On several nodes";

    private static final String TABLE_OF_NODES = "many-agents.md#Parameters";

    @Test
    public void parallelFetch() throws Exception {
        check(new ParallelFetchStep(), List.of("config", "/RunStep/nodes"), COMMON, NODES, TABLE_OF_NODES, "parallelFetch.md#Parameters");
    }

    @Test
    public void cpuPool() throws Exception {
        check(new CpuPoolStep(), POOL_FORM, COMMON, MATRIX, NODES, TABLE_OF_NODES, "steps.md#`cpuPool`", "cpuPool.md#Work", "cpuPool.md#Parameters", "workers.md#");
    }

    @Test
    public void ioPool() throws Exception {
        check(new IoPoolStep(), POOL_FORM, COMMON, MATRIX, NODES, TABLE_OF_NODES, "ioPool.md#", "cpuPool.md#Work", "cpuPool.md#Parameters", "workers.md#");
    }

    @Test
    public void gather() throws Exception {
        check(new GatherStep(), List.of("config", "/BranchStep/matrix"), COMMON, MATRIX, "steps.md#`gather`");
    }

    private static final List<String> POOL_FORM = List.of("config", "/BranchStep/matrix", "/PoolStep/work", "/PoolStep/limits", "/RunStep/nodes");

    private static void check(BranchStep step, List<String> forms, String... sections) throws Exception {
        List<List<String>> rows = new ArrayList<>();
        for (String section : sections) {
            rows.addAll(rows(section));
        }
        StringBuilder form = new StringBuilder(form(step, "/BranchStep/shared"));
        for (String each : forms) {
            form.append(form(step, each));
        }
        Collection<DescribableParameter> parameters = DescribableModel.of(step.getClass()).getParameters();
        assertTrue(parameters.size() > 8);
        for (DescribableParameter parameter : parameters) {
            String name = parameter.getName();
            assertNotNull("help-" + name, help(step.getClass(), name));
            assertTrue("the form has no " + name, form.toString().contains("field=\"" + name + "\""));
            checkDocs(name, value(step, name), rows.stream().filter(row -> names(row.get(0)).contains(name)).toList());
        }
        Set<String> stale = rows.stream().flatMap(row -> names(row.get(0)).stream()).collect(Collectors.toCollection(TreeSet::new));
        for (BranchStep each : List.of(new ParallelFetchStep(), new CpuPoolStep(), new IoPoolStep(), new GatherStep())) {
            DescribableModel.of(each.getClass()).getParameters().forEach(known -> stale.remove(known.getName()));
        }
        assertEquals("documented, but no parameters", Set.of(), stale);
    }

    /** @param rows those of the parameter: name, default or nothing where its table has no such column */
    private static void checkDocs(String name, Object standard, List<List<String>> rows) {
        assertTrue("no row for " + name, !rows.isEmpty());
        List<String> defaults = rows.stream().map(row -> row.get(1)).filter(text -> !text.isEmpty()).toList();
        boolean isNone = standard == null || standard.equals(Map.of());
        assertTrue("no default for " + name, isNone || !defaults.isEmpty());
        for (String text : defaults) {
            boolean same = isNone ? NONE.contains(text) : names(text).contains(literal(standard));
            assertTrue(name + ": the docs say " + text + ", the code " + standard, same);
        }
    }

    private static String literal(Object value) {
        if (value instanceof Double number) {
            return number == number.longValue() ? String.valueOf(number.longValue()) : number.toString();
        }
        return value instanceof String ? "'" + value + "'" : value.toString();
    }

    private static Object value(Object step, String name) throws ReflectiveOperationException {
        String suffix = Character.toUpperCase(name.charAt(0)) + name.substring(1);
        Method getter = Arrays.stream(step.getClass().getMethods())
                .filter(method -> method.getName().equals("get" + suffix) || method.getName().equals("is" + suffix))
                .findFirst()
                .orElseThrow();
        return getter.invoke(step);
    }

    private static Object help(Class<?> step, String name) {
        for (Class<?> each = step; each != Object.class; each = each.getSuperclass()) {
            Object found = each.getResource(each.getSimpleName() + "/help-" + name + ".html");
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private static String form(Object step, String name) throws IOException {
        String path = name.startsWith("/") ? name.substring(1) : step.getClass().getSimpleName() + "/" + name;
        for (Class<?> each = step.getClass(); each != Object.class; each = each.getSuperclass()) {
            try (var in = each.getResourceAsStream(path + ".jelly")) {
                if (in != null) {
                    return new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
                }
            }
        }
        throw new AssertionError("no form " + name);
    }

    /** The words in code font. */
    private static List<String> names(String cell) {
        List<String> names = new ArrayList<>();
        for (Matcher matcher = CODE.matcher(cell); matcher.find(); ) {
            names.add(matcher.group(1));
        }
        return names;
    }

    /** The rows of the tables of parameters in a section: the first cell, and that of the default. */
    private static List<List<String>> rows(String section) throws IOException {
        String file = section.substring(0, section.indexOf('#'));
        String heading = section.substring(section.indexOf('#') + 1);
        boolean within = heading.isEmpty();
        int column = -1;
        boolean isTable = false;
        List<List<String>> rows = new ArrayList<>();
        for (String line : Files.readAllLines(Path.of("docs", file))) {
            if (line.startsWith("## ") && !heading.isEmpty()) {
                within = line.equals("## " + heading);
            }
            if (!line.startsWith("|")) {
                isTable = false;
            } else if (within) {
                List<String> cells = Arrays.stream(line.substring(1).split("\\|")).map(String::strip).toList();
                if (cells.get(0).matches("parameters?")) {
                    isTable = true;
                    column = cells.indexOf("default");
                } else if (isTable && !cells.get(0).startsWith("---")) {
                    rows.add(List.of(cells.get(0), column < 0 ? "" : cells.get(column)));
                }
            }
        }
        assertTrue("no table in " + section, !rows.isEmpty());
        return rows;
    }
}
