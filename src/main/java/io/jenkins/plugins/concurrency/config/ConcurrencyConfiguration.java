package io.jenkins.plugins.concurrency.config;

import hudson.Extension;
import hudson.ExtensionList;
import hudson.model.Failure;
import hudson.util.FormValidation;
import io.jenkins.plugins.concurrency.engine.run.RunLimits;
import io.jenkins.plugins.concurrency.engine.supervisor.client.SupervisorSettings;
import java.util.concurrent.TimeUnit;
import java.util.logging.Logger;
import jenkins.model.GlobalConfiguration;
import net.sf.json.JSONObject;
import org.jenkinsci.Symbol;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.BindInterceptor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.verb.POST;

/**
 * The section "Concurrency Steps" of the system configuration, {@code unclassified: concurrencySteps:} in configuration
 * as code. Steps read it when they start.
 */
@Extension
@Symbol("concurrencySteps")
public final class ConcurrencyConfiguration extends GlobalConfiguration implements StepLimits.Holder {

    private static final Logger LOGGER = Logger.getLogger(ConcurrencyConfiguration.class.getName());

    private static final WholeNumbers AGENT_TIMEOUT = new WholeNumbers(1, Integer.MAX_VALUE);

    /** In MiB. With less there is no room for the supervisor's own classes and buffers. */
    private static final WholeNumbers SUPERVISOR_HEAP = new WholeNumbers(64, 65_536);

    private static final WholeNumbers SUPERVISOR_IDLE = new WholeNumbers(0, (int) TimeUnit.DAYS.toMinutes(1));

    private StepDefaults defaults;
    private StepLimits limits;
    private DestinationRules controller;
    private DestinationRules agents;
    private boolean allowIgnoreTls;
    private SizeLimits sizes;
    private int controllerConnections;
    private int controllerTasks;
    private int agentProcesses;
    private int agentMemory;
    private int agentTimeout;
    private int supervisorHeap;
    private int supervisorIdle;
    private boolean supervisorEarly;
    private boolean proxyPasswordOnAgents;
    private boolean environmentProxy;
    private boolean classArchives;

    public ConcurrencyConfiguration() {
        reset();
    }

    /** The configuration of this Jenkins. */
    public static ConcurrencyConfiguration get() {
        return ExtensionList.lookupSingleton(ConcurrencyConfiguration.class);
    }

    /** Sets the defaults. A setting that the file does not have keeps its default. */
    private void reset() {
        defaults = new StepDefaults();
        limits = new StepLimits();
        controller = new DestinationRules();
        agents = new DestinationRules();
        allowIgnoreTls = false;
        sizes = new SizeLimits();
        controllerConnections = 0;
        controllerTasks = 0;
        agentProcesses = 0;
        agentMemory = 0;
        agentTimeout = (int) TimeUnit.HOURS.toSeconds(1);
        supervisorHeap = SupervisorSettings.HEAP_MIB;
        supervisorIdle = 15;
        supervisorEarly = true;
        proxyPasswordOnAgents = false;
        environmentProxy = true;
        classArchives = true;
        load();
        controller.completed(false);
        agents.completed(true);
    }

    @Override
    public String getDisplayName() {
        return Messages.ConcurrencyConfiguration_DisplayName();
    }

    @Override
    public boolean configure(StaplerRequest2 req, JSONObject json) throws FormException {
        BindInterceptor before = req.setBindInterceptor(new FormNumbers());
        try {
            req.bindJSON(this, json);
        } catch (IllegalArgumentException | Failure e) {
            reset(); // what was set before the field that is wrong
            throw new FormException(getDisplayName() + ": " + reason(e), e, "concurrencySteps");
        } finally {
            req.setBindInterceptor(before);
        }
        save();
        return true;
    }

    /** Also writes into Jenkins' log which defaults steps never get, for administrators who do not use the form. */
    @Override
    public synchronized void save() {
        super.save();
        StepNumbers.ALL.forEach((name, number) -> {
            double standard = number.applyAsDouble(defaults);
            StepDefaults.limitBelow(name, standard, limits)
                    .ifPresent(most -> LOGGER.warning(() -> "the default of " + name + ", " + Rates.text(standard)
                            + ", is above its limit: steps get " + Rates.text(most)));
        });
    }

    private static String reason(Throwable thrown) {
        Throwable reason = thrown;
        while (reason.getCause() != null) {
            reason = reason.getCause();
        }
        return reason.getMessage();
    }

    /** The defaults of parameters. */
    public StepDefaults getDefaults() {
        return defaults;
    }

    @DataBoundSetter
    public void setDefaults(StepDefaults defaults) {
        this.defaults = defaults;
    }

    @Override
    public StepLimits getLimits() {
        return limits;
    }

    @DataBoundSetter
    public void setLimits(StepLimits limits) {
        this.limits = limits;
    }

    /** Where requests of the controller may go. */
    public DestinationRules getController() {
        return controller;
    }

    @DataBoundSetter
    public void setController(DestinationRules controller) {
        this.controller = controller.completed(false);
    }

    /** Where requests of agents may go. Commands on agents can connect to everything anyway. */
    public DestinationRules getAgents() {
        return agents;
    }

    @DataBoundSetter
    public void setAgents(DestinationRules agents) {
        this.agents = agents.completed(true);
    }

    /** Whether steps may skip the check of servers' certificates. */
    public boolean isAllowIgnoreTls() {
        return allowIgnoreTls;
    }

    @DataBoundSetter
    public void setAllowIgnoreTls(boolean allowIgnoreTls) {
        this.allowIgnoreTls = allowIgnoreTls;
    }

    /** How large bodies, outputs and journals may become. */
    public SizeLimits getSizes() {
        return sizes;
    }

    @DataBoundSetter
    public void setSizes(SizeLimits sizes) {
        this.sizes = sizes;
    }

    /**
     * How many requests outside {@code node} all builds together may have at once; 0 for a number that fits the heap.
     */
    public int getControllerConnections() {
        return controllerConnections;
    }

    @DataBoundSetter
    public void setControllerConnections(int controllerConnections) {
        this.controllerConnections = WholeNumbers.FROM_ZERO.checked("controllerConnections", controllerConnections);
    }

    /** How many tasks under decorated launchers all builds together may have at once; 0 for the standard. */
    public int getControllerTasks() {
        return controllerTasks;
    }

    @DataBoundSetter
    public void setControllerTasks(int controllerTasks) {
        this.controllerTasks = WholeNumbers.FROM_ZERO.checked("controllerTasks", controllerTasks);
    }

    /** How many workers and commands all steps together may have on each node; 0 for no limit. */
    public int getAgentProcesses() {
        return agentProcesses;
    }

    @DataBoundSetter
    public void setAgentProcesses(int agentProcesses) {
        this.agentProcesses = WholeNumbers.FROM_ZERO.checked("agentProcesses", agentProcesses);
    }

    /** Memory that all steps together may have on each node, in MiB; 0 for no limit. */
    public int getAgentMemory() {
        return agentMemory;
    }

    @DataBoundSetter
    public void setAgentMemory(int agentMemory) {
        this.agentMemory = WholeNumbers.FROM_ZERO.checked("agentMemory", agentMemory);
    }

    /** How long an agent may be without a connection before the steps that wait for it fail, in seconds. */
    public int getAgentTimeout() {
        return agentTimeout;
    }

    @DataBoundSetter
    public void setAgentTimeout(int agentTimeout) {
        this.agentTimeout = AGENT_TIMEOUT.checked("agentTimeout", agentTimeout);
    }

    /** The heap of the process that does a step's work on an agent, in MiB. */
    public int getSupervisorHeap() {
        return supervisorHeap;
    }

    @DataBoundSetter
    public void setSupervisorHeap(int supervisorHeap) {
        this.supervisorHeap = SUPERVISOR_HEAP.checked("supervisorHeap", supervisorHeap);
    }

    /** How long the process that does the work of steps on an agent waits for another step, in minutes. */
    public int getSupervisorIdle() {
        return supervisorIdle;
    }

    @DataBoundSetter
    public void setSupervisorIdle(int supervisorIdle) {
        this.supervisorIdle = SUPERVISOR_IDLE.checked("supervisorIdle", supervisorIdle);
    }

    /** Whether agents get that process when they come online, if steps were used there lately. */
    public boolean isSupervisorEarly() {
        return supervisorEarly;
    }

    @DataBoundSetter
    public void setSupervisorEarly(boolean supervisorEarly) {
        this.supervisorEarly = supervisorEarly;
    }

    /** Whether agents get the password of Jenkins' proxy; otherwise they use the proxy without it. */
    public boolean isProxyPasswordOnAgents() {
        return proxyPasswordOnAgents;
    }

    @DataBoundSetter
    public void setProxyPasswordOnAgents(boolean proxyPasswordOnAgents) {
        this.proxyPasswordOnAgents = proxyPasswordOnAgents;
    }

    /** Whether requests on agents use the proxy of {@code http_proxy} and similar variables if Jenkins has no proxy. */
    public boolean isEnvironmentProxy() {
        return environmentProxy;
    }

    @DataBoundSetter
    public void setEnvironmentProxy(boolean environmentProxy) {
        this.environmentProxy = environmentProxy;
    }

    /** Whether archives of classes are made on agents. With them, processes start faster. */
    public boolean isClassArchives() {
        return classArchives;
    }

    @DataBoundSetter
    public void setClassArchives(boolean classArchives) {
        this.classArchives = classArchives;
    }

    /** What a run may use. */
    public RunLimits runLimits() {
        return new RunLimits(limits.getWorkers(), limits.getThreads(), sizes.journalBytes());
    }

    @POST
    @Restricted(NoExternalUse.class)
    public FormValidation doCheckControllerConnections(@QueryParameter String value) {
        return WholeNumbers.FROM_ZERO.validate(value);
    }

    @POST
    @Restricted(NoExternalUse.class)
    public FormValidation doCheckControllerTasks(@QueryParameter String value) {
        return WholeNumbers.FROM_ZERO.validate(value);
    }

    @POST
    @Restricted(NoExternalUse.class)
    public FormValidation doCheckAgentProcesses(@QueryParameter String value) {
        return WholeNumbers.FROM_ZERO.validate(value);
    }

    @POST
    @Restricted(NoExternalUse.class)
    public FormValidation doCheckAgentMemory(@QueryParameter String value) {
        return WholeNumbers.FROM_ZERO.validate(value);
    }

    @POST
    @Restricted(NoExternalUse.class)
    public FormValidation doCheckAgentTimeout(@QueryParameter String value) {
        return AGENT_TIMEOUT.validate(value);
    }

    @POST
    @Restricted(NoExternalUse.class)
    public FormValidation doCheckSupervisorHeap(@QueryParameter String value) {
        return SUPERVISOR_HEAP.validate(value);
    }

    @POST
    @Restricted(NoExternalUse.class)
    public FormValidation doCheckSupervisorIdle(@QueryParameter String value) {
        return SUPERVISOR_IDLE.validate(value);
    }
}
