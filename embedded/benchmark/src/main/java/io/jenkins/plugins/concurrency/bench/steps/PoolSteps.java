package io.jenkins.plugins.concurrency.bench.steps;

import io.jenkins.plugins.concurrency.bench.session.Session;
import java.util.List;
import java.util.OptionalDouble;

/**
 * A step with little or much to compute.
 *
 * @param before statements that are not measured
 * @param peerStatement what people would write instead
 * @param step the step
 */
record PoolSteps(
        String title,
        String peer,
        List<String> programs,
        OptionalDouble first,
        OptionalDouble later,
        String before,
        String peerStatement,
        String step)
        implements StepWork {

    private static final String FOUR_SHELLS = "parallel a: { sh 'true' }, b: { sh 'true' }, c: { sh 'true' }, d: { sh 'true' }";

    static StepWork commands() {
        return new PoolSteps(
                "cpuPool of four commands",
                "parallel of four sh",
                List.of(),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                "",
                FOUR_SHELLS,
                "cpuPool tasks: ['true', 'true', 'true', 'true'], onFailure: 'fail'");
    }

    static StepWork functions() {
        return new PoolSteps(
                "cpuPool of two functions",
                "parallel of four sh",
                List.of(),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                "",
                FOUR_SHELLS,
                "cpuPool inputs: [1, 2], groovy: 'input + 1', onFailure: 'fail'");
    }

    /** Much more often than the others call it, so that starts count little. */
    static StepWork calls(int count) {
        String script = """
                from concurrent.futures import ProcessPoolExecutor
                def successor(n): return n + 1
                if __name__ == "__main__":
                    with ProcessPoolExecutor() as pool:
                        assert len(list(pool.map(successor, range(%d)))) == %1$d
                """.formatted(count);
        return new PoolSteps(
                String.format("cpuPool of %,d calls of a trivial function", count),
                "one sh with ProcessPoolExecutor",
                List.of("python3"),
                OptionalDouble.of(0.7),
                OptionalDouble.of(0.7),
                "writeFile file: 'pool.py', text: '''" + script + "'''",
                "sh 'python3 pool.py'",
                "cpuPool inputs: (0..<%d).toList(), groovy: 'input + 1', onFailure: 'fail'".formatted(count));
    }

    /** 200 tasks in ten layers, each of which needs up to three of the layer before, against their critical path. */
    static StepWork graph() {
        String tasks = """
                def random = new Random(7)
                def tasks = [:]
                def needs = [:]
                def ends = [:]
                int path = 0
                for (int i = 0; i < 200; i++) {
                    int layer = i.intdiv(20)
                    def on = layer == 0 ? [] : (0..2).collect { "task ${20 * layer - 20 + random.nextInt(20)}".toString() }.unique()
                    int millis = 300 + random.nextInt(600)
                    tasks["task $i".toString()] = "sleep ${millis / 1000}".toString()
                    needs["task $i".toString()] = on
                    int end = millis
                    on.each { if (ends[it] + millis > end) { end = ends[it] + millis } }
                    ends["task $i".toString()] = end
                    path = end > path ? end : path
                }""";
        return new PoolSteps(
                "ioPool of 200 tasks that need each other",
                "sh that sleeps as long as the longest chain",
                List.of(),
                OptionalDouble.empty(),
                OptionalDouble.of(1.05),
                tasks,
                "sh \"sleep ${path / 1000}\"",
                "ioPool tasks: tasks, needs: needs, threads: 200, onFailure: 'fail'");
    }

    @Override
    public Prepared prepare(Session session) {
        return new Prepared() {
            @Override
            public String before() {
                return before;
            }

            @Override
            public String peer() {
                return peerStatement;
            }

            @Override
            public String step() {
                return step;
            }
        };
    }
}
