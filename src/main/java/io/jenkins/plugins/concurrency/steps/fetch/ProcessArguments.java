package io.jenkins.plugins.concurrency.steps.fetch;

import hudson.FilePath;
import io.jenkins.plugins.concurrency.engine.run.ProcessingSpec;
import io.jenkins.plugins.concurrency.engine.run.WorkSpec;
import io.jenkins.plugins.concurrency.steps.BranchStep;
import io.jenkins.plugins.concurrency.steps.parameter.LimitEnforcer;
import io.jenkins.plugins.concurrency.steps.parameter.StepParameters;
import io.jenkins.plugins.concurrency.steps.parameter.WrongArgumentException;
import io.jenkins.plugins.concurrency.steps.pool.CpuPoolStep;
import io.jenkins.plugins.concurrency.steps.pool.PoolArguments;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jenkinsci.plugins.workflow.steps.StepDescriptor;

/**
 * Reads {@code process} of {@code parallelFetch}: parameters of a {@code cpuPool} whose inputs are the fetched bodies.
 */
final class ProcessArguments {

    private static final String POOL = "cpuPool";

    private static final String PARAMETER = "process";

    private static final List<String> WORKS = List.of("command", "groovy", "worker");

    private static final Set<String> WORK_OF_ITS_OWN = Set.of("tasks", "needs", "inputs", "inputsFile", "matrix", "exclude", "include");

    private static final Set<String> OF_THE_STEP =
            Set.of("name", "failFast", "failFastMode", "onFailure", "quiet", "junit", "resumeFrom", "label", "nodes", "stash", "collect");

    private final BranchStep step;
    private final Map<String, Object> arguments;

    ProcessArguments(BranchStep step, Map<String, Object> arguments) {
        this.step = step;
        this.arguments = new TreeMap<>(arguments);
    }

    /**
     * Reads what to do with each response.
     *
     * @param directory where it is done
     */
    ProcessingSpec processing(FilePath directory, LimitEnforcer capped) throws Exception {
        checkOwners();
        try {
            new StepParameters(POOL, CpuPoolStep.class).without(WORK_OF_ITS_OWN).without(OF_THE_STEP).check(arguments);
            checkWork();
            CpuPoolStep pool = (CpuPoolStep) StepDescriptor.byFunctionName(POOL).newInstance(arguments);
            pool.setInputs(List.of()); // the fetched bodies become the inputs later
            pool.checkNumbers();
            WorkSpec.Pool work = new PoolArguments(pool, capped).work(directory);
            return new ProcessingSpec(work.settings(), pool.policy(capped));
        } catch (WrongArgumentException e) {
            throw e.within(step.getDescriptor().getFunctionName(), PARAMETER);
        }
    }

    private void checkOwners() throws WrongArgumentException {
        for (String name : arguments.keySet()) {
            if (WORK_OF_ITS_OWN.contains(name)) {
                throw step.wrong(PARAMETER, "'" + name + "' is given; leave it out: the fetched bodies are the inputs");
            }
            if (OF_THE_STEP.contains(name)) {
                throw step.wrong(PARAMETER, "'" + name + "' is given; it belongs to the step as a whole");
            }
        }
    }

    private void checkWork() throws WrongArgumentException {
        List<String> given = WORKS.stream().filter(name -> arguments.get(name) != null).toList();
        if (given.size() != 1) {
            String problem = given.isEmpty() ? "no work is given" : "'" + String.join("' and '", given) + "' are given";
            throw new WrongArgumentException(POOL, problem + "; give one of 'command', 'groovy' and 'worker'");
        }
    }
}
