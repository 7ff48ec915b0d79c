package io.jenkins.plugins.concurrency.engine.outcome;

/**
 * The names of further details of an {@link Outcome}. Which of them it has depends on the work. Fetches have
 * {@link #URL} to {@link #KEPT}, commands and functions {@link #EXIT_CODE} to {@link #MAX_RSS_KB}. Fetches whose
 * results are processed have both, and {@link #PROCESS_ATTEMPTS}.
 */
public final class OutcomeDetail {
    /** Any JSON value: what a function returned. Other work has its value in what it yields anyway. */
    public static final String VALUE = "value";

    /** Text: the URL that answered, after redirects. */
    public static final String URL = "url";
    /** Number: the HTTP status. */
    public static final String STATUS = "httpStatus";
    /** Map of text: the response's headers, names in lower case, repeated ones joined by {@code ", "}. */
    public static final String HEADERS = "headers";
    /** Text: the body, where it did not go to a file. */
    public static final String BODY = "body";
    /** Text: the file that holds the body, relative to the step's directory. */
    public static final String PATH = "path";
    /** Number: the body's size in bytes. */
    public static final String BYTES = "bytes";
    /** Text: the body's SHA-256 in lower-case hexadecimal. */
    public static final String SHA256 = "sha256";

    /** True where {@link #PATH} was there already and has been kept. */
    public static final String KEPT = "kept";

    /** Number: how often it was begun to process what was fetched; 0 where that never came to pass. */
    public static final String PROCESS_ATTEMPTS = "processAttempts";

    /** Text: says with which other branches, of other runs too, a branch that succeeded has its definition in common. */
    public static final String DEFINITION = "definition";

    /** True where the branch was not begun: it had succeeded in an earlier run, whose details these are. */
    public static final String REUSED = "reused";

    /** Number: the process' exit code. */
    public static final String EXIT_CODE = "exitCode";
    /** Text: the end of the standard output. */
    public static final String STDOUT = "stdout";
    /** Text: the end of the standard error. */
    public static final String STDERR = "stderr";
    /** True where {@link #STDOUT} or {@link #STDERR} lack their beginning. */
    public static final String TRUNCATED = "truncated";
    /** Text: the build's artifact with the whole standard output, where that is kept and not empty. */
    public static final String STDOUT_FILE = "stdoutFile";
    /** Text: the same of the standard error. */
    public static final String STDERR_FILE = "stderrFile";
    /** Number: which worker slot ran the branch, from 1. */
    public static final String WORKER = "worker";
    /** Text: the name of the node that {@link #WORKER} is on, where there are several. */
    public static final String NODE = "node";

    /**
     * List of maps: the attempts of a branch that had several, in their order, as far as one process made them. Each has
     * {@link #TRY_START} and {@link #TRY_MILLIS}, where it failed {@link #TRY_ERROR}, and {@link #WORKER} where the work
     * knows it.
     */
    public static final String TRIES = "tries";
    /** Number: when an attempt began, in milliseconds after the branch's start. */
    public static final String TRY_START = "at";
    /** Number: how long an attempt took, in milliseconds. */
    public static final String TRY_MILLIS = "millis";
    /** Text: the type of an attempt's error. */
    public static final String TRY_ERROR = "error";
    /** Number: processor time of the command and of what it has waited for, in milliseconds. */
    public static final String CPU_MILLIS = "cpuMillis";
    /**
     * Number: processor time, in milliseconds, of a process that branches share, since another of them ended. Right in sum.
     */
    public static final String SHARED_CPU_MILLIS = "sharedCpuMillis";
    /** Number: the most memory that one of the command's processes was seen to have at once, in KiB. */
    public static final String MAX_RSS_KB = "maxRssKb";

    private OutcomeDetail() {}
}
