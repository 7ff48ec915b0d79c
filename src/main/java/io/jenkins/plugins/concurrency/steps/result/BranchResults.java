package io.jenkins.plugins.concurrency.steps.result;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import groovy.lang.MissingPropertyException;
import groovy.lang.Range;
import hudson.model.Run;
import io.jenkins.plugins.concurrency.engine.journal.JournalIndex;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeStatus;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.function.Function;
import org.codehaus.groovy.runtime.DefaultGroovyMethods;
import org.jenkinsci.plugins.scriptsecurity.sandbox.whitelists.Whitelisted;

/**
 * What a step returns: its branches' results in the order of the inputs, read-only. For use by one thread at a time, as
 * scripts are.
 *
 * <p>Deliberately no {@link java.util.Collection}: in a sandboxed script, a property of a collection, such as
 * {@code results.failed}, means the property of each of its elements. Groovy's {@code each}, {@code collect},
 * {@code findAll} and the like, {@code for (r in results)} and {@code results[0]} work all the same.
 */
public final class BranchResults implements BranchFailuresException.CompleteResults {

    private static final long serialVersionUID = 1;

    private final BranchOutcomes outcomes;

    /** The branches' positions by name. Made for the first search by name. */
    private transient Map<String, Integer> indexes;

    public BranchResults(Run<?, ?> build, String runId, String label) {
        this(build, runId, label, new HashMap<>());
    }

    /** @param keptValues values that replace those of the journal, by index; serializable */
    public BranchResults(Run<?, ?> build, String runId, String label, Map<Integer, Object> keptValues) {
        outcomes = new BranchOutcomes(build, runId, label, keptValues);
    }

    private JournalIndex journal() {
        return outcomes.journal();
    }

    /**
     * Uses an index that other code has read, so that only the rest of the journal must be read.
     *
     * @param index the index of the run's journal, which nothing else uses any more; {@code null} for none
     */
    public void take(@CheckForNull JournalIndex index) {
        outcomes.take(index);
    }

    /** Reads the index of the journal before a script needs it. It takes some time for a large run. */
    public void read() {
        journal();
    }

    /**
     * The branch with an index.
     *
     * @throws IndexOutOfBoundsException if there is none
     */
    @Whitelisted
    public BranchResult get(int index) {
        if (index < 0 || index >= size()) {
            throw new IndexOutOfBoundsException("branch " + index + " of " + size());
        }
        return new BranchResult(outcomes, index);
    }

    /** The branch with an index. A negative index counts from the end: {@code results[-1]}. */
    @Whitelisted
    public BranchResult getAt(int index) {
        return get(index < 0 ? index + size() : index);
    }

    /** The branches with the indexes of a range or a list: {@code results[0..9]}. Works like a list. */
    @Whitelisted
    public List<BranchResult> getAt(List<?> indexes) {
        return indexes instanceof Range<?> range
                ? DefaultGroovyMethods.getAt(toList(), range)
                : DefaultGroovyMethods.getAt(toList(), indexes);
    }

    /** How many branches there are. */
    @Override
    @Whitelisted
    public int size() {
        return outcomes.size();
    }

    /** Whether there are no branches. */
    @Whitelisted
    public boolean isEmpty() {
        return size() == 0;
    }

    /** Whether a result is one of these results. */
    @Whitelisted
    public boolean contains(@CheckForNull Object result) {
        return result instanceof BranchResult branch && branch.isOf(outcomes);
    }

    /** Groovy calls this for {@code result in results}. */
    @Whitelisted
    public boolean isCase(@CheckForNull Object result) {
        return contains(result);
    }

    /** The results as a list. A script may change the list. */
    @Whitelisted
    public List<BranchResult> toList() {
        List<BranchResult> list = new ArrayList<>(size());
        forEach(list::add);
        return list;
    }

    /** The results as maps, for example for JSON; see {@link BranchResult#toMap}. */
    @Whitelisted
    public List<Map<String, Object>> toMaps() {
        List<Map<String, Object>> maps = new ArrayList<>(size());
        forEach(result -> maps.add(result.toMap()));
        return maps;
    }

    /**
     * Groovy calls this for <code>results*.name</code>. Returns a property of each branch, as a list. Groovy does not
     * call it for properties of this class.
     *
     * @throws MissingPropertyException if branches have no such property
     */
    public List<Object> propertyMissing(String property) {
        Function<BranchResult, Object> value = BranchResult.PROPERTIES.get(property);
        if (value == null) {
            throw new MissingPropertyException(property, BranchResults.class);
        }
        List<Object> values = new ArrayList<>(size());
        forEach(result -> values.add(value.apply(result)));
        return values;
    }

    /** Does the same as {@link #propertyMissing}. The sandbox checks by this name whether a property may be read. */
    public List<Object> getProperty(String property) {
        return propertyMissing(property);
    }

    /** An iterator that can be stored in a Pipeline's program state, while the body of a loop runs steps. */
    @Override
    @Whitelisted
    public Iterator<BranchResult> iterator() {
        return new ResultIterator(this);
    }

    /** How many branches succeeded. */
    @Whitelisted
    public int getSucceeded() {
        return journal().count(OutcomeStatus.SUCCEEDED);
    }

    /** How many branches failed. */
    @Whitelisted
    public int getFailed() {
        return journal().count(OutcomeStatus.FAILED);
    }

    /** How many branches were cancelled before they ended. */
    @Whitelisted
    public int getCancelled() {
        return journal().count(OutcomeStatus.CANCELLED);
    }

    /** How many branches never started, because a branch that they need did not succeed. */
    @Whitelisted
    public int getSkipped() {
        return journal().count(OutcomeStatus.SKIPPED);
    }

    /** Whether all branches succeeded. */
    @Whitelisted
    public boolean isAllSucceeded() {
        return getSucceeded() == size();
    }

    /** The branches that failed or were cancelled, in the order of the inputs. */
    @Override
    @Whitelisted
    public List<BranchResult> getFailures() {
        List<BranchResult> failures = new ArrayList<>();
        for (int index = 0; index < size(); index++) {
            OutcomeStatus status = journal().status(index);
            if (status == OutcomeStatus.FAILED || status == OutcomeStatus.CANCELLED) {
                failures.add(get(index));
            }
        }
        return failures;
    }

    /** The values of all branches in the order of the inputs; {@code null} for those that did not succeed. */
    @Whitelisted
    public List<Object> values() {
        Object[] values = new Object[size()];
        try {
            journal().forEach(outcome -> values[outcome.index()] = outcomes.value(outcome));
        } catch (IOException e) {
            throw outcomes.unreadable(e);
        }
        return new ArrayList<>(Arrays.asList(values));
    }

    /**
     * The branch with a name: {@code results['name']}.
     *
     * @return {@code null} if there is none
     */
    @Whitelisted
    @CheckForNull
    public BranchResult getAt(String name) {
        Integer index = indexes().get(name);
        return index == null ? null : get(index);
    }

    private synchronized Map<String, Integer> indexes() {
        if (indexes == null) {
            Map<String, Integer> places = new HashMap<>();
            try {
                journal().forEachWithoutDetails(outcome -> places.put(outcome.name(), outcome.index()));
            } catch (IOException e) {
                throw outcomes.unreadable(e);
            }
            indexes = places;
        }
        return indexes;
    }

    /** How many processors the work had; 0 if that is not known. */
    public int processors() {
        return journal().processors();
    }

    /** The time from the first branch's start to the last branch's end, in milliseconds. */
    @Whitelisted
    public long getDurationMillis() {
        return journal().durationMillis();
    }

    /**
     * Returns these results if all branches succeeded.
     *
     * @throws BranchFailuresException otherwise
     */
    @Whitelisted
    public BranchResults throwIfFailed() throws BranchFailuresException {
        if (!isAllSucceeded()) {
            throw BranchFailuresException.of(this, outcomes.toString());
        }
        return this;
    }

    @Override
    @Whitelisted
    public String toString() {
        return outcomes + ": " + getSucceeded() + " of " + size() + " succeeded";
    }

    /** Equal if they are results of the same step of the same build. */
    @Override
    public boolean equals(Object other) {
        return other instanceof BranchResults results && results.outcomes.equals(outcomes);
    }

    @Override
    public int hashCode() {
        return outcomes.hashCode();
    }

    /** Visits the results by index. */
    private static final class ResultIterator implements Iterator<BranchResult>, Serializable {
        private static final long serialVersionUID = 1;

        private final BranchResults results;
        private int next;

        ResultIterator(BranchResults results) {
            this.results = results;
        }

        @Override
        public boolean hasNext() {
            return next < results.size();
        }

        @Override
        public BranchResult next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            return results.get(next++);
        }
    }
}
