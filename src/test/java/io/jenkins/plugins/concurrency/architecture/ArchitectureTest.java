package io.jenkins.plugins.concurrency.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.ArchUnitRunner;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import org.junit.runner.RunWith;

/** The walls of docs/architecture.md. Arrows point down only. */
@RunWith(ArchUnitRunner.class)
@AnalyzeClasses(
        packages = "io.jenkins.plugins.concurrency",
        importOptions = {ImportOption.DoNotIncludeTests.class, ArchitectureTest.OnlyThePlugin.class})
public class ArchitectureTest {

    private static final String ROOT = "io.jenkins.plugins.concurrency";
    private static final String ENGINE = ROOT + ".engine";

    /** The embedded runtime has the same root package where it is compiled with the plugin. */
    public static final class OnlyThePlugin implements ImportOption {
        @Override
        public boolean includes(com.tngtech.archunit.core.importer.Location location) {
            return !location.contains("/concurrency/embedded/");
        }
    }

    @ArchTest
    public static final ArchRule LAYERS = layeredArchitecture()
            .consideringOnlyDependenciesInAnyPackage(ROOT + "..")
            .layer("steps")
            .definedBy(ROOT + ".steps..")
            .layer("view")
            .definedBy(ROOT + ".view..")
            .layer("nodes")
            .definedBy(ROOT + ".nodes..")
            .layer("agent")
            .definedBy(ROOT + ".agent..")
            .layer("config")
            .definedBy(ROOT + ".config..")
            .layer("engine")
            .definedBy(ENGINE + "..")
            .whereLayer("steps")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("view")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("nodes")
            .mayOnlyBeAccessedByLayers("steps")
            .whereLayer("agent")
            .mayOnlyBeAccessedByLayers("nodes", "steps")
            .whereLayer("config")
            .mayOnlyBeAccessedByLayers("agent", "steps")
            .whereLayer("engine")
            .mayOnlyBeAccessedByLayers("config", "agent", "nodes", "steps", "view");

    @ArchTest
    public static final ArchRule EVERY_CLASS_HAS_A_LAYER =
            classes()
            .should()
            .resideInAnyPackage(ROOT + ".steps..", ROOT + ".view..", ROOT + ".nodes..", ROOT + ".agent..", ROOT + ".config..", ENGINE + "..");

    /** The engine runs in a process of its own, with a class path on which none of these are. */
    @ArchTest
    public static final ArchRule ENGINE_KNOWS_NO_JENKINS = noClasses()
            .that()
            .resideInAPackage(ENGINE + "..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "hudson..", "jenkins..", "org.jenkinsci..", "org.kohsuke..", "com.cloudbees..", "jakarta..");

    /** What pages show is computed where it can be tested, and run, without Jenkins. */
    @ArchTest
    public static final ArchRule VIEWED_DATA_KNOWS_NO_JENKINS = noClasses()
            .that()
            .resideInAnyPackage(ROOT + ".view.data..", ROOT + ".view.export..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("hudson..", "jenkins..", "org.jenkinsci..", "org.kohsuke..", "jakarta..");

    /** No class needs one that needs it, within a room as between rooms. Nested classes belong to the outermost one. */
    @ArchTest
    public static final ArchRule CLASSES_HAVE_NO_CYCLES = slices().assignedFrom(new SliceAssignment() {
                @Override
                public SliceIdentifier getIdentifierOf(JavaClass one) {
                    return SliceIdentifier.of(one.getName().replaceAll("\\$.*", ""));
                }

                @Override
                public String getDescription() {
                    return "classes";
                }
            })
            .should()
            .beFreeOfCycles();

    /** No room needs one that needs it, not even a room inside it. */
    @ArchTest
    public static final ArchRule ROOMS_HAVE_NO_CYCLES = slices().assignedFrom(new SliceAssignment() {
                @Override
                public SliceIdentifier getIdentifierOf(JavaClass one) {
                    return SliceIdentifier.of(one.getPackageName());
                }

                @Override
                public String getDescription() {
                    return "rooms";
                }
            })
            .should()
            .beFreeOfCycles();

    @ArchTest
    public static final ArchRule GROOVY_LIVES_IN_THE_FUNCTION_WORKER_ONLY = noClasses()
            .that()
            .resideInAPackage(ENGINE + "..")
            .and()
            .doNotHaveSimpleName("GroovyFunction")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("groovy..", "org.codehaus.groovy..");

    @ArchTest
    public static final ArchRule HTTP_CLIENT_LIVES_IN_FETCH_ONLY = noClasses()
            .that()
            .resideInAPackage(ENGINE + "..")
            .and()
            .resideOutsideOfPackage(ENGINE + ".fetch..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.apache.hc..");

    @ArchTest
    public static final ArchRule JACKSON_LIVES_IN_JSON_ONLY = noClasses()
            .that()
            .resideInAPackage(ENGINE + "..")
            .and()
            .resideOutsideOfPackage(ENGINE + ".json..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.fasterxml..");

    @ArchTest
    public static final ArchRule WORK_KNOWS_NO_RUN = noClasses()
            .that()
            .resideInAnyPackage(ENGINE + ".fetch..", ENGINE + ".pool..", ENGINE + ".schedule..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(ENGINE + ".run..", ENGINE + ".supervisor..", ENGINE + ".journal..");
}
