package hudson.model;

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

    /** Writes an error line; details may follow on the writer. */
    default PrintWriter error(String msg) {
        return line("ERROR: " + msg);
    }

    private PrintWriter line(String text) {
        PrintStream out = getLogger();
        out.println(text);
        return new PrintWriter(new OutputStreamWriter(out, getCharset()), true);
    }
}
