package io.jenkins.plugins.concurrency.embedded.script;

import com.cloudbees.groovy.cps.CpsTransformer;
import com.cloudbees.groovy.cps.NonCPS;
import com.cloudbees.groovy.cps.TransformerConfiguration;
import groovy.lang.Binding;
import groovy.lang.GroovyShell;
import groovy.lang.Script;
import io.jenkins.plugins.concurrency.embedded.EmbeddedRun;
import org.codehaus.groovy.control.CompilerConfiguration;
import org.codehaus.groovy.control.customizers.ImportCustomizer;
import org.jenkinsci.plugins.workflow.cps.CpsClosure2;
import org.jenkinsci.plugins.workflow.cps.CpsScript;

/** Makes a Jenkinsfile a program that can be suspended wherever it calls a step. */
public final class ScriptCompiler {

    private ScriptCompiler() {}

    /** @throws org.codehaus.groovy.control.CompilationFailedException if it is no Groovy */
    public static Script compile(String source, EmbeddedRun run) {
        GroovyShell shell = new GroovyShell(ScriptCompiler.class.getClassLoader(), binding(run), configuration());
        return shell.parse(source, "WorkflowScript");
    }

    private static Binding binding(EmbeddedRun run) {
        StepCaller steps = new StepCaller(run);
        Binding binding = new Binding();
        binding.setVariable(CpsScript.STEPS, steps);
        binding.setVariable(CpsScript.ENV, new EnvVariable(run, steps));
        binding.setVariable("params", run.parameters());
        binding.setVariable("currentBuild", new CurrentBuild(run));
        return binding;
    }

    private static CompilerConfiguration configuration() {
        CpsTransformer transformer = new CpsTransformer();
        transformer.setConfiguration(new TransformerConfiguration().withClosureType(CpsClosure2.class));
        CompilerConfiguration configuration = new CompilerConfiguration();
        configuration.setSourceEncoding("UTF-8");
        configuration.setScriptBaseClass(CpsScript.class.getName());
        configuration.addCompilationCustomizers(
                new ImportCustomizer()
                        .addImports(NonCPS.class.getName())
                        .addStarImports("hudson.model", "jenkins.model"),
                transformer);
        return configuration;
    }
}
