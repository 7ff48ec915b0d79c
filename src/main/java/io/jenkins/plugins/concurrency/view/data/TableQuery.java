package io.jenkins.plugins.concurrency.view.data;

import io.jenkins.plugins.concurrency.engine.outcome.ErrorType;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeStatus;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/**
 * Which branches a table shows, and in which order.
 *
 * @param search a part of the name or of the error's message, in upper or lower case; empty for all
 * @param statuses the outcomes to show; empty for all
 * @param errors the error types to show; empty for all
 * @param retriedOnly whether only branches with more than one attempt are shown
 */
public record TableQuery(
        String search,
        Set<OutcomeStatus> statuses,
        Set<ErrorType> errors,
        boolean retriedOnly,
        Sort sort,
        boolean descending) {

    /** What a table can be ordered by. Rows with equal values are in the order of their branches. */
    public enum Sort {
        /** Failed ones, cancelled ones, skipped ones, succeeded ones. */
        OUTCOME,
        INDEX,
        NAME,
        ERROR,
        ATTEMPTS,
        LANE,
        START,
        DURATION,
        CODE
    }

    /** All branches, failed ones first. */
    public static final TableQuery ALL =
            new TableQuery("", EnumSet.noneOf(OutcomeStatus.class), EnumSet.noneOf(ErrorType.class), false, Sort.OUTCOME, false);

    /**
     * Reads the query of a request.
     *
     * @param statuses texts of statuses, separated by commas
     * @param errors texts of error types, separated by commas
     * @param sort the name of a {@link Sort} in any case; empty for the first
     * @throws IllegalArgumentException if a name is not known, in one line
     */
    public static TableQuery of(
            String search, String statuses, String errors, boolean retriedOnly, String sort, boolean descending) {
        Set<OutcomeStatus> wantedStatuses = EnumSet.noneOf(OutcomeStatus.class);
        split(statuses).forEach(text -> wantedStatuses.add(OutcomeStatus.of(text)));
        Set<ErrorType> wantedErrors = EnumSet.noneOf(ErrorType.class);
        split(errors).forEach(text -> wantedErrors.add(ErrorType.of(text)));
        Sort order = sort.isEmpty() ? Sort.OUTCOME : Sort.valueOf(sort.toUpperCase(Locale.ROOT));
        return new TableQuery(
                search.toLowerCase(Locale.ROOT), wantedStatuses, wantedErrors, retriedOnly, order, descending);
    }

    private static Iterable<String> split(String texts) {
        return Arrays.stream(texts.split(",")).filter(text -> !text.isEmpty())::iterator;
    }

    boolean matches(BranchRows rows, int row) {
        return (statuses.isEmpty() || statuses.contains(rows.status(row)))
                && (errors.isEmpty() || rows.error(row) != null && errors.contains(rows.error(row)))
                && (!retriedOnly || rows.attempts(row) > 1)
                && (search.isEmpty() || found(rows.name(row)) || found(rows.message(row)));
    }

    private boolean found(String text) {
        return text.toLowerCase(Locale.ROOT).contains(search);
    }
}
