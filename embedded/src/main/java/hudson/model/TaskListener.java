package hudson.model;

import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.Serializable;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/** The log of something that runs. Thread safe. */
public interface TaskListener extends Serializable {

    /** Writes to nowhere. */
    TaskListener NULL = new NullTaskListener();

    PrintStream getLogger();

    default Charset getCharset() {
        return StandardCharsets.UTF_8;
    }

    /** Writes a link, of which a plain log shows the text only. */
    default void hyperlink(String url, String text) throws IOException {
        getLogger().print(text);
    }

    /** Writes an error line; details may follow on the writer. */
    default PrintWriter error(String msg) {
        return line("ERROR: " + msg);
    }

    default PrintWriter error(String format, Object... args) {
        return error(String.format(format, args));
    }

    default PrintWriter fatalError(String msg) {
        return line("FATAL: " + msg);
    }

    default PrintWriter fatalError(String format, Object... args) {
        return fatalError(String.format(format, args));
    }

    private PrintWriter line(String text) {
        PrintStream out = getLogger();
        out.println(text);
        return new PrintWriter(new OutputStreamWriter(out, getCharset()), true);
    }
}
