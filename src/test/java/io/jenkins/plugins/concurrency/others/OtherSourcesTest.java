package io.jenkins.plugins.concurrency.others;

import hudson.model.Result;
import hudson.plugins.git.BranchSpec;
import hudson.plugins.git.GitSCM;
import hudson.plugins.git.GitTool;
import hudson.plugins.git.UserRemoteConfig;
import io.jenkins.plugins.casc.ConfigurationAsCode;
import io.jenkins.plugins.concurrency.fixture.pipeline.PipelineRule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.eclipse.jgit.api.Git;
import org.jenkinsci.plugins.gitclient.JGitTool;
import org.jenkinsci.plugins.workflow.cps.CpsScmFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.libs.GlobalLibraries;
import org.jenkinsci.plugins.workflow.libs.LibraryConfiguration;
import org.jenkinsci.plugins.workflow.libs.SCMRetriever;
import org.junit.After;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.junit.rules.TestRule;

/** Scripts with the steps that come from repositories, shared libraries, Job DSL and configuration as code. */
public class OtherSourcesTest {

    @ClassRule
    public static final PipelineRule jenkins = new PipelineRule();

    @Rule
    public final TestRule cleanUp = jenkins.cleanUp();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Before
    public void allowOwnRepositories() {
        GitSCM.ALLOW_LOCAL_CHECKOUT = true;
        jenkins.jenkins.getDescriptorByType(GitTool.DescriptorImpl.class).setInstallations(new JGitTool(List.of()));
    }

    @After
    public void forgetLibraries() {
        GitSCM.ALLOW_LOCAL_CHECKOUT = false;
        GlobalLibraries.get().setLibraries(List.of());
    }

    private GitSCM repository(String name, Map<String, String> files) throws Exception {
        Path root = folder.newFolder(name).toPath();
        for (Map.Entry<String, String> file : files.entrySet()) {
            Path path = root.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getValue());
        }
        try (Git git = Git.init().setDirectory(root.toFile()).setInitialBranch("main").call()) {
            git.add().addFilepattern(".").call();
            git.commit().setMessage("files").setAuthor("me", "me@example.org").setCommitter("me", "me@example.org").setSign(false).call();
        }
        List<UserRemoteConfig> remotes = List.of(new UserRemoteConfig(root.toUri().toString(), null, null, null));
        return new GitSCM(remotes, List.of(new BranchSpec("main")), null, null, List.of());
    }

    @Test
    public void aLibraryAndAJenkinsfileComeFromRepositories() throws Exception {
        GitSCM library = repository(
                "library",
                Map.of(
                        "vars/shorten.groovy",
                        "def call(List words) { cpuPool(name: 'shorten', inputs: words, groovy: libraryResource('shorten.groovy'), onFailure: 'fail').values() }",
                        "resources/shorten.groovy",
                        "input.take(2)",
                        "src/org/example/Crowd.groovy",
                        "package org.example\n"
                                + "class Crowd implements Serializable {\n"
                                + "  def script\n"
                                + "  Crowd(script) { this.script = script }\n"
                                + "  def each(Map closures) { script.gather(branches: closures, concurrency: 2, onFailure: 'fail').collect { it.value } }\n"
                                + "}"));
        LibraryConfiguration configuration = new LibraryConfiguration("crowd", new SCMRetriever(library));
        configuration.setDefaultVersion("main");
        GlobalLibraries.get().setLibraries(List.of(configuration));
        String jenkinsfile = String.join(
                "\n",
                "@Library('crowd') import org.example.Crowd",
                "node('remote') { checkout scm",
                "  echo \"short ${shorten(readFile('words.txt').readLines())}\"",
                "  def files = cpuPool inputsFile: 'words.txt', command: 'echo {}', onFailure: 'fail'",
                "  echo \"files ${files.values()}\" }",
                "echo \"crowd ${new Crowd(this).each(a: { 1 }, b: { node('remote') { pwd() != null } })}\"");
        GitSCM project = repository("project", Map.of("Jenkinsfile", jenkinsfile, "words.txt", "alpha\nbeta\n"));
        jenkins.agent("remote");
        WorkflowJob job = jenkins.createProject(WorkflowJob.class);
        job.setDefinition(new CpsScmFlowDefinition(project, "Jenkinsfile"));
        WorkflowRun build = jenkins.buildAndAssertSuccess(job);
        jenkins.assertLogContains("short [al, be]", build);
        jenkins.assertLogContains("files [alpha, beta]", build);
        jenkins.assertLogContains("crowd [1, true]", build);
    }

    @Test
    public void aJobOfJobDslInConfigurationAsCodeUsesTheSteps() throws Exception {
        Path configuration = folder.getRoot().toPath().resolve("jenkins.yaml");
        Files.writeString(
                configuration,
                String.join(
                        "\n",
                        "unclassified:",
                        "  concurrencySteps:",
                        "    limits:",
                        "      workers: 1",
                        "jobs:",
                        "  - script: >",
                        "      folder('made')",
                        "  - script: |",
                        "      pipelineJob('made/by dsl') {",
                        "        parameters { stringParam('WORD', 'hello') }",
                        "        definition { cps { sandbox(); script('''",
                        "          node { def r = cpuPool tasks: [say: 'echo ' + params.WORD], workers: 4, onFailure: 'fail'",
                        "            echo 'said ' + r['say'].value }",
                        "        ''') } }",
                        "      }",
                        ""));
        ConfigurationAsCode.get().configure(configuration.toString());
        WorkflowJob job = jenkins.jenkins.getItemByFullName("made/by dsl", WorkflowJob.class);
        WorkflowRun build = jenkins.buildAndAssertStatus(Result.SUCCESS, job);
        jenkins.assertLogContains("said hello", build);
    }
}
