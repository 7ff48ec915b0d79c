package io.jenkins.plugins.concurrency.engine.pool;

import io.jenkins.plugins.concurrency.engine.outcome.ErrorType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Inputs of {@link OddWorker} of which some make it misbehave, chosen by a seed, and what each has to end as. */
record FaultyInputs(long seed, List<String> inputs) {

    private static final Map<String, ErrorType> FAULTS = faults();

    private static Map<String, ErrorType> faults() {
        Map<String, ErrorType> faults = new HashMap<>();
        faults.put("crash", ErrorType.CRASH);
        faults.put("killed", ErrorType.CRASH);
        faults.put("child-and-crash", ErrorType.CRASH);
        faults.put("rubbish", ErrorType.PROTOCOL);
        faults.put("array", ErrorType.PROTOCOL);
        faults.put("binary", ErrorType.PROTOCOL);
        faults.put("future", ErrorType.PROTOCOL);
        faults.put("negative", ErrorType.PROTOCOL);
        faults.put("escape", ErrorType.PROTOCOL);
        faults.put("exit", ErrorType.EXIT);
        faults.put("twice", null);
        faults.put("rubbish-after", null);
        return Collections.unmodifiableMap(faults);
    }

    static FaultyInputs seeded(long seed, int count, int percent) {
        Random random = new Random(seed);
        List<String> faults = FAULTS.keySet().stream().sorted().toList();
        List<String> inputs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            boolean faulty = random.nextInt(100) < percent;
            inputs.add(faulty ? faults.get(random.nextInt(faults.size())) : "pid");
        }
        // two that cost their whole time are enough
        inputs.set(count / 3, "never");
        inputs.set(count / 2, "at-its-end");
        return new FaultyInputs(seed, inputs);
    }

    /** {@code null} for success. */
    ErrorType expected(int index) {
        String input = inputs.get(index);
        return input.equals("never") || input.equals("at-its-end") ? ErrorType.TIMEOUT : FAULTS.get(input);
    }
}
