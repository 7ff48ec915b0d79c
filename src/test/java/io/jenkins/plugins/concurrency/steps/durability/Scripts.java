package io.jenkins.plugins.concurrency.steps.durability;

/** Jenkinsfiles that say in their logs what their results are. */
final class Scripts {

    private static final String ECHO =
            "\necho \"ended ${r.succeeded} of ${r.size()}, attempts ${r.collect { it.attempts }}\"";

    private Scripts() {}

    static String onNode(String agent, String body) {
        return "node('" + agent + "') {\n" + body + "\n}";
    }

    /** A step whose inputs are numbers from 1. */
    static String pool(int inputs, String command, String arguments) {
        return "cpuPool inputs: 1.." + inputs + ", workers: 2, command: '" + command + "'" + arguments;
    }

    /** A pool of two workers on an agent. */
    static String pool(String agent, int inputs, Gate gate) {
        return onNode(agent, echoed(pool(inputs, gate.command(), "")));
    }

    /** On an agent: a GET that is answered at once, and a GET and a POST that are held, to {@code …/in}. */
    static String fetches(String agent, PageServer server) {
        return onNode(agent, echoed(fetches(server, "in") + ", toDir: 'pages'"));
    }

    /** The same requests, to {@code …/out}, sent by the controller; says how the POST ended. */
    static String fetchesOutsideNode(PageServer server) {
        return echoed(fetches(server, "out") + ", onFailure: 'ignore'")
                + "\necho \"post: ${r['post'].error.type}, ${r['post'].error.message}\"";
    }

    private static String fetches(PageServer server, String place) {
        String free = server.url("/free/" + place);
        String held = server.url("/held/" + place);
        return "parallelFetch urls: [free: '" + free + "', get: '" + held + "', post: [url: '" + held
                + "', method: 'POST']], timeout: 0";
    }

    /** Waits until the held requests have been sent. */
    static void awaitFetches(PageServer server) throws InterruptedException {
        for (String path : new String[] {"/held/in", "/held/out"}) {
            server.await("GET", path, 1);
            server.await("POST", path, 1);
        }
    }

    private static String echoed(String step) {
        return "def r = " + step + ECHO;
    }
}
