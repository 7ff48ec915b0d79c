package io.jenkins.plugins.concurrency.steps;

import com.thoughtworks.xstream.converters.Converter;
import com.thoughtworks.xstream.converters.MarshallingContext;
import com.thoughtworks.xstream.converters.UnmarshallingContext;
import com.thoughtworks.xstream.io.HierarchicalStreamReader;
import com.thoughtworks.xstream.io.HierarchicalStreamWriter;
import hudson.AbortException;
import jenkins.model.CauseOfInterruption;

/**
 * Why this plugin has interrupted something. With a build, it is stored as one of Pipeline's own causes, which can be
 * read without this plugin: graph views fail on an interruption whose causes can't be read.
 */
public abstract class PersistedCause extends CauseOfInterruption {

    private static final long serialVersionUID = 1;

    private final String description;

    public PersistedCause(String description) {
        this.description = description;
    }

    @Override
    public final String getShortDescription() {
        return description;
    }

    /**
     * Writes it as Pipeline's cause. Each subclass of the cause needs a nested class {@code ConverterImpl} of this
     * type.
     */
    public abstract static class AsPipelineCause implements Converter {

        /** Pipeline's class for a cause that is an exception. */
        private static final String PIPELINES = "org.jenkinsci.plugins.workflow.steps.ExceptionCause";

        @Override
        public boolean canConvert(Class type) {
            return PersistedCause.class.isAssignableFrom(type);
        }

        @Override
        public void marshal(Object source, HierarchicalStreamWriter writer, MarshallingContext context) {
            writer.addAttribute("resolves-to", PIPELINES);
            writer.startNode("t");
            writer.addAttribute("class", AbortException.class.getName());
            writer.startNode("detailMessage");
            writer.setValue(((PersistedCause) source).getShortDescription());
            writer.endNode();
            writer.endNode();
        }

        @Override
        public Object unmarshal(HierarchicalStreamReader reader, UnmarshallingContext context) {
            throw new UnsupportedOperationException("kept as " + PIPELINES);
        }
    }
}
