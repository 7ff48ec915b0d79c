package io.jenkins.plugins.concurrency.engine.outcome;

/**
 * The names of further details of an {@link Outcome}. Which of them it has depends on the work. Fetches have
 * {@link #URL} to {@link #KEPT}, commands and functions {@link #EXIT_CODE} to {@link #MAX_RSS_KB}. Fetches whose
 * results are processed have both, and {@link #PROCESS_ATTEMPTS}.
 */
public final class OutcomeDetail {
    /** Any JSON value: the value of a function. For other work, other details are the value. */
    public static final String VALUE = "value";

    /** Text: the URL that answered, after redirects. */
    public static final String URL = "url";
    /** Number: the HTTP status. */
    public static final String STATUS = "httpStatus";
    /** Map of text: the response's headers, names in lower case, repeated ones joined by {@code ", "}. */
    public static final String HEADERS = "headers";
    /** Text: the body, if it did not go to a file. */
    public static final String BODY = "body";
    /** Text: the file that holds the body, relative to the step's directory. */
    public static final String PATH = "path";
    /** Number: the body's size in bytes. */
    public static final String BYTES = "bytes";
    /** Text: the body's SHA-256 in lower-case hexadecimal. */
    public static final String SHA256 = "sha256";

    /** True if the file existed already and was kept. */
    public static final String KEPT = "kept";

    /** Number: how many times processing was started; 0 if never. */
    public static final String PROCESS_ATTEMPTS = "processAttempts";

    /**
     * Text: a hash of the definition of a successful branch. Branches with the same definition, also in other runs,
     * have the same hash.
     */
    public static final String DEFINITION = "definition";

    /**
     * True if the branch succeeded in an earlier run and was not started again. The details are those of the earlier
     * run.
     */
    public static final String REUSED = "reused";

    /** Number: the process' exit code. */
    public static final String EXIT_CODE = "exitCode";
    /** Text: the end of the standard output. */
    public static final String STDOUT = "stdout";
    /** Text: the end of the standard error. */
    public static final String STDERR = "stderr";
    /** True if the beginning of {@link #STDOUT} or {@link #STDERR} is missing. */
    public static final String TRUNCATED = "truncated";
    /** Text: the artifact with the whole standard output, if that is kept and not empty. */
    public static final String STDOUT_FILE = "stdoutFile";
    /** Text: the same for the standard error. */
    public static final String STDERR_FILE = "stderrFile";
    /** Number: which worker slot ran the branch, from 1. */
    public static final String WORKER = "worker";
    /** Text: the name of the node of the {@link #WORKER}, if there are several nodes. */
    public static final String NODE = "node";

    /**
     * List of maps: the attempts of a branch with several attempts, in their order. Only those of one process are
     * known. Each has {@link #TRY_START} and {@link #TRY_MILLIS}; {@link #TRY_ERROR} if it failed; and {@link #WORKER}
     * if that is known.
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
     * Number: processor time, in milliseconds, of a process that several branches share, since the last of them ended.
     * Only the sum of these is exact.
     */
    public static final String SHARED_CPU_MILLIS = "sharedCpuMillis";
    /** Number: the largest memory of one of the command's processes that was seen, in KiB. */
    public static final String MAX_RSS_KB = "maxRssKb";

    private OutcomeDetail() {}
}
