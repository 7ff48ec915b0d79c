package io.jenkins.plugins.concurrency.engine.junit;

import io.jenkins.plugins.concurrency.engine.outcome.BranchError;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeDetail;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeStatus;
import io.jenkins.plugins.concurrency.engine.process.OutputTail;
import java.io.IOException;
import java.io.Writer;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * Writes the XML of JUnit in the form that most programs read: a test suite for the run, a test case for each branch
 * that has ended. A failed branch has a {@code failure} with the error's type. One that was cancelled or skipped is
 * {@code skipped}. Only one branch is in memory at a time.
 */
public final class JunitWriter {

    /** Characters that XML 1.0 can't have, not even escaped. */
    private static final Pattern NOT_XML = Pattern.compile("[^\\t\\n\\r\\x20-\\uD7FF\\uE000-\\uFFFD\\x{10000}-\\x{10FFFF}]");

    private static final List<String> PROPERTIES = List.of(
            OutcomeDetail.URL,
            OutcomeDetail.STATUS,
            OutcomeDetail.PATH,
            OutcomeDetail.BYTES,
            OutcomeDetail.SHA256,
            OutcomeDetail.EXIT_CODE,
            OutcomeDetail.CPU_MILLIS,
            OutcomeDetail.MAX_RSS_KB,
            OutcomeDetail.NODE,
            OutcomeDetail.STDOUT_FILE,
            OutcomeDetail.STDERR_FILE);

    private final XMLStreamWriter xml;
    private final String className;

    /**
     * Begins a document.
     *
     * @param out must encode characters as UTF-8
     */
    public JunitWriter(Writer out, Suite suite) throws IOException {
        // for readers of the file, the part before the last dot is a package
        className = suite.step() + "." + suite.name().replace('.', '_');
        try {
            xml = XMLOutputFactory.newFactory().createXMLStreamWriter(out);
            xml.writeStartDocument("UTF-8", "1.0");
            text("\n");
            xml.writeStartElement("testsuite");
            attribute("name", suite.name());
            attribute("tests", suite.tests());
            attribute("failures", suite.failures());
            attribute("errors", 0);
            attribute("skipped", suite.skipped());
            attribute("time", seconds(suite.millis()));
            attribute("timestamp", Instant.ofEpochMilli(suite.startMillis()).toString());
        } catch (XMLStreamException e) {
            throw new IOException(e);
        }
    }

    /** Writes a test case. */
    public void add(Outcome outcome) throws IOException {
        try {
            testCase(outcome);
        } catch (XMLStreamException e) {
            throw new IOException(e);
        }
    }

    /** Ends the document. The writer stays open. */
    public void finish() throws IOException {
        try {
            text("\n");
            xml.writeEndElement();
            text("\n");
            xml.writeEndDocument();
            xml.flush();
        } catch (XMLStreamException e) {
            throw new IOException(e);
        }
    }

    private void testCase(Outcome outcome) throws XMLStreamException {
        text("\n  ");
        xml.writeStartElement("testcase");
        attribute("classname", className);
        attribute("name", outcome.name());
        attribute("time", seconds(outcome.durationMillis()));
        properties(outcome);
        BranchError error = outcome.error();
        if (error != null) {
            boolean skipped = outcome.status() != OutcomeStatus.FAILED;
            xml.writeStartElement(skipped ? "skipped" : "failure");
            if (!skipped) {
                attribute("type", error.type().text());
            }
            attribute("message", error.message().lines().findFirst().orElse(""));
            if (!skipped) {
                text(error.message());
            }
            xml.writeEndElement();
        }
        output("system-out", outcome.details().get(OutcomeDetail.STDOUT));
        output("system-err", outcome.details().get(OutcomeDetail.STDERR));
        xml.writeEndElement();
    }

    private void properties(Outcome outcome) throws XMLStreamException {
        xml.writeStartElement("properties");
        property("attempts", outcome.attempts());
        for (String name : PROPERTIES) {
            Object value = outcome.details().get(name);
            if (value != null) {
                property(name, value);
            }
        }
        xml.writeEndElement();
    }

    private void property(String name, Object value) throws XMLStreamException {
        xml.writeEmptyElement("property");
        attribute("name", name);
        attribute("value", value);
    }

    private void output(String element, Object output) throws XMLStreamException {
        if (output instanceof String text && !text.isEmpty()) {
            xml.writeStartElement(element);
            text(new OutputTail(text, false).shortened().text());
            xml.writeEndElement();
        }
    }

    private void attribute(String name, Object value) throws XMLStreamException {
        xml.writeAttribute(name, possible(String.valueOf(value)));
    }

    private void text(String text) throws XMLStreamException {
        xml.writeCharacters(possible(text));
    }

    private static String possible(String text) {
        return NOT_XML.matcher(text).replaceAll("\uFFFD");
    }

    private static String seconds(long millis) {
        return String.format(Locale.ROOT, "%.3f", millis / 1000.0);
    }

    /**
     * What a suite says about all its branches.
     *
     * @param step the step's function name
     * @param name the step's label
     * @param tests how many branches have ended
     * @param failures how many of them failed
     * @param skipped how many were cancelled, or skipped
     * @param startMillis when the first one started, since the epoch
     * @param millis from there to the end of the last branch
     */
    public record Suite(
            String step, String name, int tests, int failures, int skipped, long startMillis, long millis) {
    }
}
