package io.jenkins.plugins.concurrency.view;

import io.jenkins.plugins.concurrency.view.data.TableQuery;
import io.jenkins.plugins.concurrency.view.data.TimelineExcerpt;
import org.kohsuke.stapler.StaplerRequest2;

/** The parameters of a request. For wrong ones it throws an {@link IllegalArgumentException} of one line. */
record RequestQuery(StaplerRequest2 request) {

    private static final int MAX_LENGTH = 500;

    /** The text of a parameter; empty if it is missing. */
    String text(String name) {
        String value = request.getParameter(name);
        return value == null ? "" : value;
    }

    long number(String name, long missing) {
        String value = text(name);
        try {
            return value.isEmpty() ? missing : Long.parseLong(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + name + "' is no whole number: " + value, e);
        }
    }

    int integer(String name, int missing) {
        return (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, number(name, missing)));
    }

    /** Whether the request asks for a part of the page. */
    boolean has(String name) {
        return request.getParameter(name) != null;
    }

    TimelineExcerpt.Query timeline() {
        return new TimelineExcerpt.Query(
                number("from", 0), number("to", -1), integer("lane", 0), integer("lanes", 64), integer("width", 1_000));
    }

    TableQuery table() {
        return TableQuery.of(
                text("search"),
                text("outcome"),
                text("error"),
                text("retried").equals("true"),
                text("sort"),
                text("order").equals("desc"));
    }

    /** The first row of a page. */
    int start() {
        return Math.max(0, integer("start", 0));
    }

    /** How many rows a page has. */
    int length() {
        return Math.max(1, Math.min(MAX_LENGTH, integer("length", 25)));
    }
}
