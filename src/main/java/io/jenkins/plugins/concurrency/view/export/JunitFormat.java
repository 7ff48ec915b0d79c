package io.jenkins.plugins.concurrency.view.export;

import io.jenkins.plugins.concurrency.engine.outcome.BranchError;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeDetail;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeStatus;
import io.jenkins.plugins.concurrency.view.data.RunIndex;
import io.jenkins.plugins.concurrency.view.data.RunOverview;
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
 * JUnit's XML, as its readers have come to expect it: a test suite for the run, a test case for each branch that has
 * ended. A failed branch has a {@code failure} with the error's type. A cancelled one is {@code skipped}.
 */
final class JunitFormat implements Download.Format {

    /** What XML 1.0 can't have, not even escaped. */
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

    @Override
    public void write(RunIndex run, Writer out) throws IOException {
        RunOverview all = run.summary(false);
        try {
            XMLStreamWriter xml = XMLOutputFactory.newFactory().createXMLStreamWriter(out);
            xml.writeStartDocument("UTF-8", "1.0");
            text(xml, "\n");
            xml.writeStartElement("testsuite");
            attribute(xml, "name", all.name());
            attribute(xml, "tests", all.ended());
            attribute(xml, "failures", all.failed());
            attribute(xml, "errors", 0);
            attribute(xml, "skipped", all.cancelled());
            attribute(xml, "time", seconds(all.millis()));
            attribute(xml, "timestamp", Instant.ofEpochMilli(all.start()).toString());
            // readers take what is before the last dot for a package
            String className = all.step() + "." + all.name().replace('.', '_');
            run.forEach((outcome, lane) -> {
                try {
                    testCase(xml, className, outcome);
                } catch (XMLStreamException e) {
                    throw new IOException(e);
                }
            });
            text(xml, "\n");
            xml.writeEndElement();
            xml.writeEndDocument();
            xml.flush();
        } catch (XMLStreamException e) {
            throw new IOException(e);
        }
        out.write("\n");
    }

    private static void testCase(XMLStreamWriter xml, String className, Outcome outcome) throws XMLStreamException {
        text(xml, "\n  ");
        xml.writeStartElement("testcase");
        attribute(xml, "classname", className);
        attribute(xml, "name", outcome.name());
        attribute(xml, "time", seconds(outcome.durationMillis()));
        properties(xml, outcome);
        BranchError error = outcome.error();
        if (error != null) {
            boolean skipped = outcome.status() == OutcomeStatus.CANCELLED;
            xml.writeStartElement(skipped ? "skipped" : "failure");
            if (!skipped) {
                attribute(xml, "type", error.type().text());
            }
            attribute(xml, "message", error.message().lines().findFirst().orElse(""));
            if (!skipped) {
                text(xml, error.message());
            }
            xml.writeEndElement();
        }
        output(xml, "system-out", outcome.details().get(OutcomeDetail.STDOUT));
        output(xml, "system-err", outcome.details().get(OutcomeDetail.STDERR));
        xml.writeEndElement();
    }

    private static void properties(XMLStreamWriter xml, Outcome outcome) throws XMLStreamException {
        xml.writeStartElement("properties");
        property(xml, "attempts", outcome.attempts());
        for (String name : PROPERTIES) {
            Object value = outcome.details().get(name);
            if (value != null) {
                property(xml, name, value);
            }
        }
        xml.writeEndElement();
    }

    private static void property(XMLStreamWriter xml, String name, Object value) throws XMLStreamException {
        xml.writeEmptyElement("property");
        attribute(xml, "name", name);
        attribute(xml, "value", value);
    }

    private static void output(XMLStreamWriter xml, String element, Object output) throws XMLStreamException {
        if (output instanceof String text && !text.isEmpty()) {
            xml.writeStartElement(element);
            text(xml, text);
            xml.writeEndElement();
        }
    }

    private static void attribute(XMLStreamWriter xml, String name, Object value) throws XMLStreamException {
        xml.writeAttribute(name, possible(String.valueOf(value)));
    }

    private static void text(XMLStreamWriter xml, String text) throws XMLStreamException {
        xml.writeCharacters(possible(text));
    }

    private static String possible(String text) {
        return NOT_XML.matcher(text).replaceAll("\uFFFD");
    }

    private static String seconds(long millis) {
        return String.format(Locale.ROOT, "%.3f", millis / 1000.0);
    }
}
