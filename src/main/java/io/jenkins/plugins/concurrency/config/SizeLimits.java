package io.jenkins.plugins.concurrency.config;

import hudson.Extension;
import hudson.model.Describable;
import hudson.model.Descriptor;
import hudson.util.FormValidation;
import io.jenkins.plugins.concurrency.engine.fetch.file.BodyStorage;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** The largest bodies, outputs and journals. 0 means no limit, but texts always have a limit. */
public final class SizeLimits implements Describable<SizeLimits> {

    private static final int KIBIBYTE = 1024;
    private static final int MEBIBYTE = 1024 * KIBIBYTE;

    /** A text must fit into a line of the journal, and pages and programs must be able to read it. */
    private static final int MAX_TEXT = 4 * KIBIBYTE;

    private static final int STANDARD_TEXT = BodyStorage.MAX_TEXT / KIBIBYTE;

    /** In MiB. A million branches need about 600, because each needs some hundred bytes at least. */
    private static final int STANDARD_JOURNAL = 2 * KIBIBYTE;

    private static final WholeNumbers TEXT = new WholeNumbers(1, MAX_TEXT);

    /** 0 for the standard, if a file does not have it. */
    private int text;

    private int body;
    private int output;

    /** {@code null} for the standard, if a file does not have it. */
    private Integer journal;

    @DataBoundConstructor
    public SizeLimits() {
        // what is not set has its default
    }

    /** The largest body that comes back as text, in KiB. */
    public int getText() {
        return text == 0 ? STANDARD_TEXT : text;
    }

    @DataBoundSetter
    public void setText(int text) {
        this.text = TEXT.checked("text", text);
    }

    /** The largest body that goes to a file, in MiB. */
    public int getBody() {
        return body;
    }

    @DataBoundSetter
    public void setBody(int body) {
        this.body = WholeNumbers.FROM_ZERO.checked("body", body);
    }

    /** The most that one command may write to its outputs, in MiB. */
    public int getOutput() {
        return output;
    }

    @DataBoundSetter
    public void setOutput(int output) {
        this.output = WholeNumbers.FROM_ZERO.checked("output", output);
    }

    /** The largest journal of a step, in MiB. */
    public int getJournal() {
        return journal == null ? STANDARD_JOURNAL : journal;
    }

    @DataBoundSetter
    public void setJournal(int journal) {
        this.journal = WholeNumbers.FROM_ZERO.checked("journal", journal);
    }

    /** The largest body that comes back as text, in bytes. */
    public int textBytes() {
        return getText() * KIBIBYTE;
    }

    /** The largest body that goes to a file, in bytes; 0 for no limit. */
    public long bodyBytes() {
        return (long) body * MEBIBYTE;
    }

    /** The largest journal of a step, in bytes; 0 for no limit. */
    public long journalBytes() {
        return (long) getJournal() * MEBIBYTE;
    }

    /** Registers the group of settings. */
    @Extension
    @Restricted(NoExternalUse.class)
    public static final class DescriptorImpl extends Descriptor<SizeLimits> {

        @Override
        public String getDisplayName() {
            return Messages.SizeLimits_DisplayName();
        }

        @POST
        public FormValidation doCheckText(@QueryParameter String value) {
            return TEXT.validate(value);
        }

        @POST
        public FormValidation doCheckBody(@QueryParameter String value) {
            return WholeNumbers.FROM_ZERO.validate(value);
        }

        @POST
        public FormValidation doCheckOutput(@QueryParameter String value) {
            return WholeNumbers.FROM_ZERO.validate(value);
        }

        @POST
        public FormValidation doCheckJournal(@QueryParameter String value) {
            return WholeNumbers.FROM_ZERO.validate(value);
        }
    }
}
