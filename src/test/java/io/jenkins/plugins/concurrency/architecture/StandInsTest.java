package io.jenkins.plugins.concurrency.architecture;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaConstructor;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.ThrowsDeclaration;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.jenkins.plugins.concurrency.fixture.TestJvm;
import java.io.File;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/**
 * The classes of {@code embedded/} that stand in for Jenkins' own are as these are, in all that a caller is compiled
 * against. Constructors with other parameters, and what Jenkins does not have by name and number of parameters, are the
 * embedded runtime's own: no call that compiles against Jenkins can mean them.
 */
public class StandInsTest {

    private static final Path SOURCES = Path.of("embedded/src/main/java");

    private static final Map<String, String> LIBRARIES = Map.of(
            "datatables", "data-tables-api",
            "echarts", "echarts-api",
            "httpclient5", "apache-httpcomponents-client-5-api",
            "jackson", "jackson2-api",
            "jquery", "jquery3-api",
            "metrics", "metrics");

    @Rule
    public TemporaryFolder temporary = new TemporaryFolder();

    private final Set<String> differences = new TreeSet<>();
    private int compared;

    @Test
    public void standInsAreAsTheRealClasses() throws Exception {
        JavaClasses standIns = compile();
        List<URL> files = standIns.stream()
                .map(type -> getClass().getResource("/" + type.getName().replace('.', '/') + ".class"))
                .filter(Objects::nonNull)
                .collect(Collectors.toList());
        JavaClasses real = new ClassFileImporter().importUrls(files);
        for (JavaClass standIn : standIns) {
            if (real.contain(standIn.getName()) && isVisible(standIn.getModifiers())) {
                compare(standIn, real.get(standIn.getName()));
            }
        }
        assertTrue("only " + compared + " classes", compared > 100);
        assertEquals("", String.join("\n", differences));
    }

    /** In Jenkins they come with API plugins. {@code embedded/} must name those, and have the same versions. */
    @Test
    public void librariesAreThoseOfTheApiPlugins() throws Exception {
        String pom = Files.readString(Path.of("embedded/pom.xml"));
        Set<String> here = Stream.of(TestJvm.CLASS_PATH.split(File.pathSeparator))
                .map(entry -> Path.of(entry).getFileName().toString())
                .collect(Collectors.toSet());
        String plugins = property(pom, "hpi.dependencies").replaceAll(";[^,]*", "");
        for (String plugin : plugins.split(",")) {
            assertTrue(plugin, here.contains(plugin.replace(':', '-') + ".jar"));
        }
        LIBRARIES.forEach((library, plugin) -> {
            String version = property(pom, library + ".version");
            assertTrue(library + " " + version + " in " + plugins, plugins.contains(plugin + ":" + version + "-"));
        });
    }

    private static String property(String pom, String name) {
        return pom.substring(pom.indexOf("<" + name + ">") + name.length() + 2, pom.indexOf("</" + name + ">"));
    }

    private JavaClasses compile() throws Exception {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        Path classes = temporary.newFolder().toPath();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null);
                Stream<Path> sources = Files.walk(SOURCES)) {
            List<Path> all = sources.filter(file -> file.toString().endsWith(".java"))
                    .collect(Collectors.toList());
            List<String> options = List.of("-proc:none", "-nowarn", "-d", classes.toString());
            assertTrue(compiler.getTask(null, files, null, options, null, files.getJavaFileObjectsFromPaths(all))
                    .call());
        }
        return new ClassFileImporter().importPath(classes);
    }

    private void compare(JavaClass standIn, JavaClass real) {
        compared++;
        String name = standIn.getName();
        same(name, "interface", standIn.isInterface(), real.isInterface());
        same(name, "annotation", standIn.isAnnotation(), real.isAnnotation());
        same(name, "enum", standIn.isEnum(), real.isEnum());
        same(name, standIn.getModifiers(), real.getModifiers(), JavaModifier.FINAL);
        if (!isVisible(real.getModifiers())) {
            differences.add(name + " is not public");
        }
        for (JavaMember member : visible(standIn.getMembers())) {
            List<JavaClass> types = member instanceof JavaConstructor ? List.of(real) : hierarchy(real);
            List<JavaMember> named = types.stream()
                    .flatMap(type -> type.getMembers().stream())
                    .filter(other -> other.getName().equals(member.getName()))
                    .filter(other -> parameters(other).size() == parameters(member).size())
                    .collect(Collectors.toList());
            Optional<JavaMember> same = named.stream()
                    .filter(other -> signature(other).equals(signature(member)))
                    .findFirst();
            String where = name + "." + signature(member);
            if (same.isPresent()) {
                compare(where, member, same.get());
            } else if (!named.isEmpty() && !(member instanceof JavaConstructor)) {
                differences.add(where + ": there " + named.stream()
                        .map(StandInsTest::signature)
                        .collect(Collectors.toCollection(LinkedHashSet::new)));
            }
        }
    }

    private void compare(String where, JavaMember standIn, JavaMember real) {
        same(where, standIn.getModifiers(), real.getModifiers(), JavaModifier.STATIC, JavaModifier.FINAL);
        if (!isVisible(real.getModifiers())) {
            differences.add(where + " is not public");
        }
        if (standIn instanceof JavaCodeUnit) {
            same(where, "throws", checked((JavaCodeUnit) standIn), checked((JavaCodeUnit) real));
        }
    }

    private void same(String where, Set<JavaModifier> standIn, Set<JavaModifier> real, JavaModifier... modifiers) {
        for (JavaModifier modifier : modifiers) {
            same(where, modifier.name(), standIn.contains(modifier), real.contains(modifier));
        }
    }

    private void same(String where, String what, Object standIn, Object real) {
        if (!standIn.equals(real)) {
            differences.add(where + ": " + what + " " + standIn + ", there " + real);
        }
    }

    private static boolean isVisible(Set<JavaModifier> modifiers) {
        return modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED);
    }

    private static List<JavaMember> visible(Collection<JavaMember> members) {
        return members.stream()
                .filter(member -> isVisible(member.getModifiers()))
                .filter(member -> !member.getModifiers().contains(JavaModifier.SYNTHETIC))
                .collect(Collectors.toList());
    }

    private static List<JavaClass> hierarchy(JavaClass type) {
        List<JavaClass> all = new ArrayList<>(List.of(type));
        all.addAll(type.getAllRawSuperclasses());
        all.addAll(type.getAllRawInterfaces());
        return all;
    }

    private static List<JavaClass> parameters(JavaMember member) {
        return member instanceof JavaCodeUnit ? ((JavaCodeUnit) member).getRawParameterTypes() : List.of();
    }

    private static String signature(JavaMember member) {
        return member.getName() + member.getDescriptor();
    }

    private static Set<String> checked(JavaCodeUnit unit) {
        return unit.getThrowsClause().stream()
                .map(ThrowsDeclaration::getRawType)
                .filter(type -> !type.isAssignableTo(RuntimeException.class) && !type.isAssignableTo(Error.class))
                .map(JavaClass::getName)
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
