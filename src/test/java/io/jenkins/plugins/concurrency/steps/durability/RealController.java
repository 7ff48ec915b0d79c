package io.jenkins.plugins.concurrency.steps.durability;

import io.jenkins.plugins.concurrency.fixture.pipeline.BuildRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.rules.ExternalResource;
import org.junit.rules.RuleChain;
import org.junit.rules.TestRule;
import org.junit.runner.Description;
import org.junit.runners.model.Statement;
import org.jvnet.hudson.test.InboundAgentRule;
import org.jvnet.hudson.test.RealJenkinsRule;
import org.jvnet.hudson.test.TailLog;

/** A controller in a process of its own, with agents in theirs; the logs of its builds go where the test's go. */
final class RealController implements TestRule {

    private final InboundAgentRule agents = new InboundAgentRule();

    /** Gives agents the usual time to come back, which Pipeline cuts short when it finds itself in a test. */
    private final RealJenkinsRule jenkins = new RealJenkinsRule()
            .javaOptions("-Dorg.jenkinsci.plugins.workflow.support.pickles.ExecutorPickle.timeoutForNodeMillis=300000");

    private final List<TailLog> logs = new ArrayList<>();

    @Override
    public Statement apply(Statement base, Description description) {
        ExternalResource tails = new ExternalResource() {
            @Override
            protected void after() {
                logs.forEach(TailLog::close);
            }
        };
        return RuleChain.outerRule(agents).around(jenkins).around(tails).apply(base, description);
    }

    /** Takes a plugin file in place of what has just been compiled; before the first start. */
    void install(Path plugin) throws IOException {
        Path plugins = jenkins.getHome().toPath().resolve("plugins");
        Files.delete(plugins.resolve("concurrency-steps.jpl"));
        Files.copy(plugin, plugins.resolve("concurrency-steps.jpi"));
    }

    /** Stops the controller and starts it again, with the settings that it has kept. */
    void restart() throws Throwable {
        jenkins.stopJenkins();
        jenkins.startJenkins();
        jenkins.runRemotely(Jobs::assertOwnNetworkIsAllowed);
    }

    /** Lets the controller fetch from the test's own servers. */
    void start() throws Throwable {
        jenkins.startJenkins();
        jenkins.runRemotely(Jobs::allowOwnNetwork);
    }

    void stop() throws Throwable {
        jenkins.stopJenkins();
    }

    /** With SIGKILL. */
    void kill() {
        jenkins.stopJenkinsForcibly();
    }

    /** Lets the controller restart itself; returns at once. It has to have been started for the second time before. */
    void safeRestart() throws Throwable {
        jenkins.runRemotely(Jobs::safeRestart);
    }

    /** Starts an agent that has room for many builds and lives on when the controller ends. */
    void createAgent(String name) throws Throwable {
        agents.createAgent(
                jenkins, InboundAgentRule.Options.newBuilder().name(name).webSocket().build());
        jenkins.runRemotely(Jobs::widen, name);
    }

    void startJob(String name, String script) throws Throwable {
        logs.add(new TailLog(jenkins, name, 1));
        jenkins.runRemotely(Jobs::start, name, script);
    }

    void abort(String job) throws Throwable {
        jenkins.runRemotely(Jobs::abort, job);
    }

    BuildRecord build(String job) {
        return BuildRecord.of(jenkins.getHome(), job);
    }
}
