package io.jenkins.plugins.concurrency.acceptance;

import static org.junit.Assert.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Test;
import org.junit.rules.Timeout;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;
import org.junit.runners.Parameterized.Parameter;
import org.junit.runners.Parameterized.Parameters;

/** A wrong call ends in one line that names the step, the parameter, what was given and what is allowed. */
@RunWith(Parameterized.class)
public class WrongArgumentsTest {

    private static final String FORMS = "give either 'tasks', or 'inputs' or 'matrix' with 'command', 'groovy' or 'worker'";

    private static final Object[][] CALLS = {
        // No form of work, several, or half of one.
        {"cpuPool()", "cpuPool: no work is given; " + FORMS},
        {"cpuPool(command: 'x {}')", "cpuPool: no work is given; " + FORMS},
        {"cpuPool(inputs: [1])", "cpuPool: 'inputs' is given without 'command', 'groovy' or 'worker'; " + FORMS},
        {"cpuPool(tasks: ['x'], inputs: [1])", "cpuPool: 'tasks' is given with another form of work; " + FORMS},
        {"cpuPool(tasks: ['x'], groovy: '1')", "cpuPool: 'tasks' is given with another form of work; " + FORMS},
        {"cpuPool(inputs: [1], command: 'x', groovy: '1')", "cpuPool: 'command' and 'groovy' are both given; " + FORMS},
        {"ioPool()", "ioPool: no work is given; " + FORMS},
        {"ioPool(inputs: [1], worker: 'x', groovy: '1')", "ioPool: 'groovy' and 'worker' are both given; " + FORMS},
        {"ioPool(tasks: ['x'], worker: 'x')", "ioPool: 'tasks' is given with another form of work; " + FORMS},
        {"parallelFetch()", "parallelFetch: neither 'urls' nor 'urlsFile' is given; give one of them"},
        {"parallelFetch(urls: [], urlsFile: 'f')", "parallelFetch: 'urls' and 'urlsFile' are both given; give one of them"},
        // Of the wrong kind.
        {"cpuPool(tasks: 5)", "cpuPool: tasks: Integer (5) is given; allowed is a list of commands or a map"},
        {"cpuPool(tasks: ['true', 5])", "cpuPool: tasks: item 2 is Integer (5); allowed is a command"},
        {"cpuPool(tasks: [a: ''])", "cpuPool: tasks: 'a' is text (); allowed is a command"},
        {"cpuPool(tasks: ['true', 'a\\u0000b'])", "cpuPool: tasks: item 2 has a NUL character, which no command can have"},
        {"ioPool(inputs: [1], worker: 'a\\u0000b')", "ioPool: worker: has a NUL character, which no command can have"},
        {"cpuPool(inputs: 5, groovy: '1')", "cpuPool: inputs: Integer (5) is given; allowed is a list"},
        {"parallelFetch(urls: 5)", "parallelFetch: urls: Integer (5) is given; allowed are a list or a map"},
        {"parallelFetch(urls: [5])", "parallelFetch: urls: item 1 is Integer (5); allowed are a URL or a map"},
        {"parallelFetch(urls: [[name: 'a']])", "parallelFetch: urls: item 1 has no 'url'"},
        {
            "parallelFetch(urls: [[url: 'http://h', colour: 'red']])",
            "parallelFetch: urls: item 1: unknown key 'colour'; allowed are"
                    + " [accept, body, bodyFile, credentialsId, file, form, headers, json, method, multipart, name, query, sha256,"
                    + " url, validBody, validStatus]"
        },
        {
            "parallelFetch(urls: [[url: 'http://h', headers: ['a']]])",
            "parallelFetch: urls: item 1: headers is a list ([a]); allowed is a map"
        },
        // Requests that make no sense.
        {"parallelFetch(urls: [], json: 1, form: [a: 1])", "parallelFetch: 'json' and 'form' are both given; give one of them"},
        {
            "parallelFetch(urls: [[url: 'http://h', json: 1, body: 'x']])",
            "parallelFetch: urls: item 1: 'body' and 'json' are both given; give one of them"
        },
        {"parallelFetch(urls: [], json: [a: 0d / 0])", "parallelFetch: 'json' is not a JSON value: NaN is not a number in JSON"},
        {
            "parallelFetch(urls: [a: [url: 'http://h', json: [new Date()]]])",
            "parallelFetch: urls: 'a': 'json' is not a JSON value: java.util.Date can't be expressed in JSON"
        },
        {
            "parallelFetch(urls: [], query: [a: [b: 1]])",
            "parallelFetch: query 'a' is a map; allowed are text, numbers and booleans"
        },
        {"parallelFetch(urls: [], query: 'a')", "parallelFetch: 'query' is not a map from names to values"},
        {
            "parallelFetch(urls: [], validBody: '(')",
            "parallelFetch: validBody '(' is not a regular expression: Unclosed group near index 1"
        },
        {
            "parallelFetch(urls: [[url: 'http://h', validBody: '[']])",
            "parallelFetch: urls: item 1: validBody '[' is not a regular expression: Unclosed character class near index 0"
        },
        {
            "node { parallelFetch(urls: [], multipart: [a: [file: '../a']]) }",
            "parallelFetch: multipart: '../a' leads out of the workspace; give a relative path without '..'"
        },
        {
            "parallelFetch(urls: [], accept: 'a/b', headers: [Accept: 'c/d'])",
            "parallelFetch: 'accept' and an Accept header are both given; give one of them"
        },
        {
            "parallelFetch(urls: [], headers: [Host: ['a', 'b']])",
            "parallelFetch: header 'Host' can't have several lines"
        },
        {
            "parallelFetch(urls: [], cookies: true, resumeFrom: 'lastBuild')",
            "parallelFetch: cookies: can't be used with 'resumeFrom': cookies of earlier runs are not kept"
        },
        // Parts of inputs, and matrices.
        {
            "cpuPool(inputs: [[os: 'linux', jdk: 17]], command: 'make {os} {jdks}')",
            "cpuPool: command: {jdks} is no part of the input, which has {os}, {jdk};"
                    + " for braces that belong to the command write { jdks }"
        },
        {
            "ioPool(inputs: [[1, 2], [3]], command: 'make {1} {2/.}')",
            "ioPool: command: for 'input 2': {2/.} is no part of the input, which has {1};"
                    + " for braces that belong to the command write { 2/. }"
        },
        {
            "cpuPool(inputs: [[os: 'linux'], 'win'], command: 'make {os}')",
            "cpuPool: command: for 'win': the command uses parts of inputs, but not every input has them"
        },
        {
            "cpuPool(matrix: [os: ['a']], include: [[os: 'b', fast: true]], command: 'make {os} {fast}')",
            "cpuPool: command: {fast} is no part of the input, which has {os}; for braces that belong to the command write { fast }"
        },
        {"cpuPool(matrix: [os: ['a']])", "cpuPool: 'matrix' is given without 'command', 'groovy' or 'worker'; " + FORMS},
        {"cpuPool(matrix: [os: ['a']], inputs: [1], command: 'x')", "cpuPool: 'inputs' and 'matrix' are both given; " + FORMS},
        {"cpuPool(inputs: [1], exclude: [[a: 1]], command: 'x')", "cpuPool: exclude: is given without 'matrix'"},
        {"gather(matrix: [os: 'linux']) { }", "gather: matrix: os: text (linux) is given; allowed is a list of values"},
        {"gather(matrix: [os: []]) { }", "gather: matrix: os: there are no values"},
        {"gather(matrix: [1]) { }", "gather: matrix: a list ([1]) is given; allowed is a map from name to list of values"},
        {"gather(matrix: [a: [1]], exclude: [[b: 1]]) { }", "gather: exclude: 'b' is not in the matrix"},
        {"gather(matrix: [a: [1]], exclude: [[:]]) { }", "gather: exclude: a map ({}) is given; allowed is a list of maps that are not empty"},
        {"gather(matrix: [a: [1]], include: [a: 1]) { }", "gather: include: a map ({a=1}) is given; allowed is a list of maps"},
        {"gather(matrix: [a: 1..1001, b: 1..1000]) { }", "gather: matrix: there are more than 1,000,000 combinations"},
        {"gather(matrix: [a: [1]])", "gather: matrix: is given without a closure; write gather(matrix: ...) { cell -> ... }"},
        {"gather(matrix: [a: [1]], b: { }) { }", "gather: 'branches' and 'matrix' are both given"},
        {"gather(b: { }) { }", "gather: a closure without a name is given; allowed is a map from name to closure"},
        // Failure budgets.
        {
            "cpuPool(tasks: ['x'], failFast: -1)",
            "cpuPool: failFast: Integer (-1) is given; allowed is true, a number of failed branches, or a percentage such as '10%'"
        },
        {
            "gather(a: { }, failFast: '0%')",
            "gather: failFast: text (0%) is given; allowed is true, a number of failed branches, or a percentage such as '10%'"
        },
        {
            "parallelFetch(urls: [], failFast: 0.5)",
            "parallelFetch: failFast: BigDecimal (0.5) is given; allowed is true, a number of failed branches, or a percentage such as '10%'"
        },
        {"ioPool(tasks: ['x'], failFast: 2, failFastMode: 'later')", "ioPool: failFastMode: 'later' is given; allowed are [now, soon]"},
        {"gather(a: { }, failFastMode: 'soon')", "gather: failFastMode: is given without 'failFast'"},
        // Names twice.
        {
            "parallelFetch(urls: [[url: 'http://h/1', name: 'a'], [url: 'http://h/2', name: 'a']])",
            "parallelFetch: urls: 'a' is given twice; names must differ"
        },
        // Needs that can't be met.
        {"cpuPool(tasks: ['x'], needs: [x: 'y'])", "cpuPool: needs: the branches have no names; give 'tasks' as a map from name to command"},
        {"cpuPool(tasks: [a: 'x'], needs: [a: 'b'])", "cpuPool: needs: there is no branch 'b'"},
        {"ioPool(tasks: [a: 'x'], needs: [b: 'a'])", "ioPool: needs: there is no branch 'b'"},
        {"cpuPool(tasks: [1: 'x', 2: 'x'], needs: [1: 2, 2: [1]])", "cpuPool: needs: '1' needs '2', which needs '1'"},
        {"gather(a: { 1 }, needs: [a: ['a']])", "gather: needs: 'a' needs itself"},
        {
            "gather(a: { 1 }, b: { 1 }, c: { 1 }, d: { 1 }, needs: [a: 'b', b: 'c', c: 'a', d: 'a'])",
            "gather: needs: 'a' needs 'b', which needs 'c', which needs 'a'"
        },
        {
            "gather(a: { 1 }, needs: ['a'])",
            "gather: needs: a list ([a]) is given; allowed is a map from a branch's name to the names that it needs"
        },
        {
            "gather(a: { 1 }, needs: [a: [true]])",
            "gather: needs: 'a' needs Boolean (true); allowed is a map from a branch's name to the names that it needs"
        },
        // Numbers out of range.
        {"ioPool(tasks: ['x'], threads: -1)", "ioPool: threads: -1 is given; allowed is 0 or more"},
        {
            "cpuPool(inputs: [1], groovy: '1', memory: 8)",
            "cpuPool: memory: 8 is given; allowed is 0, or 16 or more MB"
        },
        {
            "cpuPool(tasks: ['x'], classpath: ['a.jar'])",
            "cpuPool: classpath: is given without 'groovy', and has no meaning for other work"
        },
        {
            "cpuPool(inputs: [1], groovy: '1', classpath: [1])",
            "cpuPool: classpath: a list ([1]) is given; allowed is a list of files"
        },
        {
            "cpuPool(tasks: ['x'], nodes: 2)",
            "cpuPool: nodes: needs 'label', which selects the nodes"
        },
        {
            "ioPool(tasks: ['x'], stash: 'y')",
            "ioPool: stash: needs 'label', which selects the nodes"
        },
        {
            "parallelFetch(urls: ['http://h'], collect: 'y')",
            "parallelFetch: collect: needs 'label', which selects the nodes"
        },
        {"cpuPool(tasks: ['x'], label: 'y', nodes: 0)", "cpuPool: nodes: 0 is given; allowed is 1 or more"},
        {
            "cpuPool(tasks: ['x'], label: 'y', collect: '../y')",
            "cpuPool: collect: '../y' leads out of the workspace"
        },
        {
            "cpuPool(inputsFile: 'f', command: 'x', label: 'y')",
            "cpuPool: inputsFile: there is no file f"
        },
        {
            "parallelFetch(urlsFile: 'f', label: 'y')",
            "parallelFetch: urlsFile: there is no file f"
        },
        {"cpuPool(tasks: ['x'], workers: -1)", "cpuPool: workers: -1 is given; allowed is 0 or more"},
        {"cpuPool(tasks: ['x'], retries: -1)", "cpuPool: retries: -1 is given; allowed is 0 or more"},
        {"cpuPool(tasks: ['x'], retryDelay: -0.5)", "cpuPool: retryDelay: -0.5 is given; allowed is 0 or more"},
        {"cpuPool(tasks: ['x'], delay: 'soon')", "cpuPool: delay: text (soon) is given; allowed is a number of seconds"},
        {"cpuPool(tasks: ['x'], retryDelay: -2)", "cpuPool: retryDelay: -2 is given; allowed is 0 or more"},
        {
            "cpuPool(tasks: ['x'], timeout: 0d / 0)",
            "cpuPool: timeout: Double (NaN) is given; allowed is a number of seconds,"
                    + " or a percentage of the median such as '300%'"
        },
        {
            "cpuPool(tasks: ['x'], retryDelay: 1d / 0)",
            "cpuPool: retryDelay: Double (Infinity) is given; allowed is a number of seconds"
        },
        {
            "parallelFetch(urls: [], connectTimeout: 1e300d)",
            "parallelFetch: connectTimeout: Double (1.0E300) is given; allowed is a number of seconds"
        },
        {"cpuPool(tasks: ['x'], timeout: -3)", "cpuPool: timeout: -3 is given; allowed is 0 or more"},
        {
            "cpuPool(tasks: ['x'], timeout: '3 apples')",
            "cpuPool: timeout: text (3 apples) is given; allowed is a number of seconds,"
                    + " or a percentage of the median such as '300%'"
        },
        {"cpuPool(tasks: ['x'], nice: 20)", "cpuPool: nice: 20 is given; allowed is 0 to 19"},
        {"cpuPool(tasks: ['x'], memory: -1)", "cpuPool: memory: -1 is given; allowed is 0 or more"},
        {"cpuPool(tasks: ['x'], memFree: -1)", "cpuPool: memFree: -1 is given; allowed is 0 or more"},
        {"cpuPool(tasks: ['x'], delay: -1)", "cpuPool: delay: -1 is given; allowed is 0 or more"},
        {"cpuPool(tasks: ['x'], maxTasksPerWorker: -1)", "cpuPool: maxTasksPerWorker: -1 is given; allowed is 0 or more"},
        {"cpuPool(tasks: ['x'], maxOutput: -1)", "cpuPool: maxOutput: -1 is given; allowed is 0 or more"},
        {"cpuPool(tasks: ['x'], affinity: 'all')", "cpuPool: affinity: 'all' is given; allowed are 'none' and 'core'"},
        {
            "cpuPool(inputs: [1], groovy: 'input', maxOutput: 3)",
            "cpuPool: maxOutput: is given with 'groovy', but neither 'keepOutput' nor 'follow'"
        },
        {
            "ioPool(inputs: [1], worker: 'x', maxOutput: 3)",
            "ioPool: maxOutput: is given with 'worker', but neither 'keepOutput' nor 'follow'"
        },
        {"cpuPool(inputs: [1], groovy: 'input', shell: 'bash')", "cpuPool: shell: is given with 'groovy', which no shell reads"},
        {
            "cpuPool(inputs: [1], command: 'print({})', shell: 'python3 -u')",
            "cpuPool: command: its replacement strings need a POSIX shell to read it;"
                    + " use 'worker' or 'tasks' for other languages"
        },
        {
            "ioPool(inputs: [1], command: '#!/usr/bin/env perl\\nprint {}')",
            "ioPool: command: its replacement strings need a POSIX shell to read it;"
                    + " use 'worker' or 'tasks' for other languages"
        },
        {
            "ioPool(inputs: [1], groovy: 'input', affinity: 'core')",
            "ioPool: affinity: is given with 'groovy', whose threads are all in one process; use cpuPool"
        },
        {"ioPool(inputs: [1], inputsFile: 'x')", "ioPool: 'inputs' and 'inputsFile' are both given; " + FORMS},
        {
            "cpuPool(inputs: [1], command: 'echo \\'it {}')",
            "cpuPool: command: the quote ' has no end in: echo 'it {}"
        },
        {
            "cpuPool(inputsFile: '../x', command: 'echo')",
            "cpuPool: inputsFile: '../x' leads out of the workspace; give a relative path without '..'"
        },
        {"parallelFetch(urls: [], concurrency: 0)", "parallelFetch: concurrency: 0 is given; allowed is 1 to 10000 or 'auto'"},
        {
            "parallelFetch(urls: [], concurrency: 'much')",
            "parallelFetch: concurrency: text (much) is given; allowed is 1 to 10000 or 'auto'"
        },
        {
            "parallelFetch(urls: [], concurrency: 2.5)",
            "parallelFetch: concurrency: 2.5 is given; allowed is 1 to 10000 or 'auto'"
        },
        {"gather(branches: [:], concurrency: 'auto')", "gather: concurrency: text (auto) is given; allowed is a whole number"},
        {"parallelFetch(urls: [], perHost: -1)", "parallelFetch: perHost: -1 is given; allowed is 0 or more"},
        {"parallelFetch(urls: [], connectTimeout: 0)", "parallelFetch: connectTimeout: 0 is given; allowed is more than 0"},
        {"parallelFetch(urls: [], idleTimeout: -1)", "parallelFetch: idleTimeout: -1 is given; allowed is 0 or more"},
        {"parallelFetch(urls: [], rate: 'fast')", "parallelFetch: rate: text (fast) is given; allowed is a number"},
        {
            "parallelFetch(urls: [], rate: -1)",
            "parallelFetch: rate -1.0 is out of range: give 0 (no limit) or from 0.001 to 100000 requests a second"
        },
        {
            "parallelFetch(urls: [], onExisting: 'keep')",
            "parallelFetch: onExisting 'keep' is none of overwrite, skip, revalidate"
        },
        {
            "parallelFetch(urls: [], ignoreTls: true)",
            "parallelFetch: ignoreTls: the administrator does not allow it (Manage Jenkins, System, Concurrency Steps)"
        },
        {
            "parallelFetch(urls: ['http://h/'], credentialsId: 'nobody')",
            "parallelFetch: credentialsId: there are no credentials 'nobody' for this job"
        },
        {"parallelFetch(urls: [], timeout: -1)", "parallelFetch: timeout: -1 is given; allowed is 0 or more"},
        {"parallelFetch(urls: [], maxBytes: -1)", "parallelFetch: maxBytes: -1 is given; allowed is 0 or more"},
        // What is done with each response.
        {"parallelFetch(urls: [], process: 5)", "parallelFetch: process: Integer (5) is given; allowed is a map"},
        {
            "parallelFetch(urls: [], process: [workers: 2])",
            "parallelFetch: process: no work is given; give one of 'command', 'groovy' and 'worker'"
        },
        {
            "parallelFetch(urls: [], process: [comand: 'x'])",
            "parallelFetch: process: unknown parameter 'comand'; did you mean 'command'?"
        },
        {
            "parallelFetch(urls: [], process: [groovy: '1', worker: 'x'])",
            "parallelFetch: process: 'groovy' and 'worker' are given; give one of 'command', 'groovy' and 'worker'"
        },
        {
            "parallelFetch(urls: [], process: [tasks: ['x']])",
            "parallelFetch: process: 'tasks' is given; leave it out: the fetched bodies are the inputs"
        },
        {
            "parallelFetch(urls: [], process: [groovy: '1', failFast: true])",
            "parallelFetch: process: 'failFast' is given; it belongs to the step as a whole"
        },
        {
            "parallelFetch(urls: [], process: [groovy: '1', colour: 'red'])",
            "parallelFetch: process: unknown parameter 'colour'; valid are: affinity, classpath, command, delay, follow, groovy,"
                    + " keepOutput, maxOutput, maxTasksPerWorker, memFree, memory, nice, retries, retryDelay, shell, timeout, worker, workers"
        },
        {
            "parallelFetch(urls: [], process: [groovy: '1', workers: 'many'])",
            "parallelFetch: process: workers: text (many) is given; allowed is a whole number"
        },
        {
            "parallelFetch(urls: [], process: [groovy: '1', workers: -1])",
            "parallelFetch: process: workers: -1 is given; allowed is 0 or more"
        },
        {
            "parallelFetch(urls: [], process: [groovy: '1', timeout: 'soon'])",
            "parallelFetch: process: timeout: text (soon) is given; allowed is a number of seconds,"
                    + " or a percentage of the median such as '300%'"
        },
        {
            "parallelFetch(urls: ['http://h/'], process: [command: 'cat {}'])",
            "parallelFetch: process: item 1 has no file that 'command' could read; give 'toDir', or a 'file' to each request"
        },
        {"parallelFetch(urls: [], toDir: 'x', process: [command: 'cat {}'])", "parallelFetch: 0 of 0 succeeded"},
        // Which build's results are reused.
        {
            "cpuPool(tasks: ['x'], resumeFrom: 'yesterday')",
            "cpuPool: resumeFrom: text (yesterday) is given; allowed are 'lastBuild', 'lastCompleted' and a build's number"
        },
        {
            "ioPool(tasks: ['x'], resumeFrom: 0)",
            "ioPool: resumeFrom: Integer (0) is given; allowed are 'lastBuild', 'lastCompleted' and a build's number"
        },
        // Out of the workspace.
        {
            "parallelFetch(urls: [], toDir: '../pages')",
            "parallelFetch: toDir: '../pages' leads out of the workspace; give a relative path without '..'"
        },
        {
            "parallelFetch(urls: [[url: 'http://h', file: '/etc/x']])",
            "parallelFetch: urls: '/etc/x' leads out of the workspace; give a relative path without '..'"
        },
        {
            "parallelFetch(urlsFile: 'a/../../urls')",
            "parallelFetch: urlsFile: 'a/../../urls' leads out of the workspace; give a relative path without '..'"
        },
        // Of a closed set.
        {
            "cpuPool(tasks: ['x'], onFailure: 'explode')",
            "cpuPool: onFailure: 'explode' is given; allowed are [unstable, fail, ignore]"
        },
        {
            "cpuPool(tasks: ['x'], colour: 'red')",
            "cpuPool: unknown parameter 'colour'; valid are: affinity, classpath, collect, command, delay, exclude, failFast, failFastMode,"
                    + " follow, groovy, include, inputs, inputsFile, junit, keepOutput, label, matrix, maxOutput, maxTasksPerWorker,"
                    + " memFree, memory, name, needs, nice, nodes,"
                    + " onFailure, quiet, resumeFrom, retries, retryDelay, shell, stash, tasks, timeout, worker, workers"
        },
        {"parallelFetch(urls: [], retires: 3)", "parallelFetch: unknown parameter 'retires'; did you mean 'retries'?"},
        // What other steps and tools call it.
        {"cpuPool(tasks: ['x'], threads: 4)", "cpuPool: unknown parameter 'threads'; did you mean 'workers'?"},
        {"ioPool(tasks: ['x'], workers: 4)", "ioPool: unknown parameter 'workers'; did you mean 'threads'?"},
        {"parallelFetch(urls: [], threads: 4)", "parallelFetch: unknown parameter 'threads'; did you mean 'concurrency'?"},
        {"gather(a: { }, attempts: 4)", "gather: unknown parameter 'attempts'; did you mean 'retries'?"},
        // Closures are the work of another step.
        {
            "cpuPool(tasks: [a: { sh 'x' }])",
            "cpuPool: tasks: 'a' is a closure; allowed is a command; closures are run by 'gather'"
        },
        {
            "ioPool(tasks: { sh 'x' })",
            "ioPool: tasks: a closure is given; allowed is a list of commands or a map; closures are run by 'gather'"
        },
        {
            "cpuPool(inputs: [1, { it }], groovy: 'input')",
            "cpuPool: inputs: item 2 is a closure; closures are run by 'gather'"
        },
        {
            "cpuPool(inputs: [1], groovy: { it })",
            "cpuPool: groovy: a closure is given; allowed is text; closures are run by 'gather'"
        },
        {"cpuPool(a: { sh 'x' })", "cpuPool: unknown parameter 'a'; closures are run by 'gather'"},
        {
            "parallelFetch(urls: [{ 'http://h' }])",
            "parallelFetch: urls: item 1 is a closure; allowed are a URL or a map; closures are run by 'gather'"
        },
        {"cpuPool(tasks: new Object())", "cpuPool: tasks: java.lang.Object is given; allowed is a list of commands or a map"},
        // Allowed: nothing to do, and a branch that can't be done.
        {"cpuPool(tasks: [])", "cpuPool: 0 of 0 succeeded"},
        {"cpuPool(inputs: [], groovy: '1')", "cpuPool: 0 of 0 succeeded"},
        {"parallelFetch(urls: [:])", "parallelFetch: 0 of 0 succeeded"},
        {
            "parallelFetch(urls: ['ftp://h/a', 'no url', 'http://127.0.0.1:1/'], onFailure: 'ignore').collect { it.error.type }",
            "[invalid, invalid, connect]"
        },
    };

    /** Calls outside {@code node}. */
    private static final Object[][] CALLS_WITHOUT_NODE = {
        {
            "parallelFetch(urls: [[url: 'http://h', multipart: [a: [file: 'a']]]])",
            "parallelFetch: urls: item 1: a file needs a workspace; call the step inside 'node', or give 'label', which gets nodes"
        },
        {
            "parallelFetch(urls: [], toDir: 'pages')",
            "parallelFetch: toDir: needs a workspace; call the step inside 'node', or give 'label', which gets nodes"
        },
        {
            "parallelFetch(urls: [], process: [groovy: '1'])",
            "parallelFetch: process: needs a workspace; call the step inside 'node'"
        },
        {"parallelFetch(urlsFile: 'urls')", "parallelFetch: urlsFile: needs a workspace; call the step inside 'node'"},
        {
            "parallelFetch(urls: [[url: 'http://h', file: 'x']])",
            "parallelFetch: urls: item 1: file needs a workspace; call the step inside 'node', or give 'label', which gets nodes"
        },
        {"parallelFetch(urls: [])", "parallelFetch: 0 of 0 succeeded"},
        {
            "cpuPool(tasks: ['x'])",
            "cpuPool: needs a workspace; call the step inside 'node', or give 'label', which gets nodes"
        },
    };

    @ClassRule
    public static final Timeout TIMEOUT = Timeout.seconds(120);

    @ClassRule
    public static final Builds BUILDS = new Builds();

    /** The log of one build that has made all calls, one after the other. */
    private static List<String> said;

    @Parameters(name = "{0}")
    public static List<Object[]> calls() {
        List<Object[]> calls = new ArrayList<>(List.of(CALLS));
        calls.addAll(List.of(CALLS_WITHOUT_NODE));
        return calls;
    }

    @Parameter(0)
    public String call;

    @Parameter(1)
    public String expected;

    @BeforeClass
    public static void makeAllCalls() throws Exception {
        StringBuilder script = new StringBuilder("node {\n");
        append(script, CALLS, 0);
        script.append("}\n");
        append(script, CALLS_WITHOUT_NODE, CALLS.length);
        script.append("def attempt(int number, Closure call) {\n"
                + "    def said\n"
                + "    try { said = call().toString() } catch (e) { said = e.message }\n"
                + "    echo \"$number: ${said.replace('\\n', '|')}\"\n"
                + "}\n");
        said = BUILDS.run(script.toString()).assertEnded(0, "SUCCESS").lines();
    }

    private static void append(StringBuilder script, Object[][] calls, int first) {
        for (int i = 0; i < calls.length; i++) {
            script.append("attempt(").append(first + i).append(") { ").append(calls[i][0]).append(" }\n");
        }
    }

    @Test
    public void isAnsweredInOneLine() {
        String number = calls().stream().map(row -> row[0] + "|" + row[1]).toList().indexOf(call + "|" + expected) + ": ";
        String answer = said.stream().filter(line -> line.startsWith(number)).findFirst().orElse("");
        assertEquals(number + expected, answer);
    }
}
