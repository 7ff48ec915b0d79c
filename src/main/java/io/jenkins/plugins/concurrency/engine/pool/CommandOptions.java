package io.jenkins.plugins.concurrency.engine.pool;

import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.Map;

/**
 * How a pool starts and limits its commands, and its workers except for their outputs. An option that is a parameter of
 * a step has the parameter's name.
 *
 * @param nice what is added to the niceness of processes, 0 to 19
 * @param memory how much memory each process may allocate, in MiB; 0 for no limit. Not for functions, because the heap
 *     limits their JVMs
 * @param pinned whether each worker stays on its own processor
 * @param memFree no process is started while less memory is available, in MiB; 0 for no such limit
 * @param delay the shortest time between two starts
 * @param maxTasksPerWorker after how many tasks a worker is replaced; 0 for never
 * @param shell the program that runs commands without a {@code #!} line, perhaps with options; empty for the machine's
 *     shell
 * @param output what happens to the outputs of commands
 */
public record CommandOptions(
        int nice,
        int memory,
        boolean pinned,
        int memFree,
        Duration delay,
        int maxTasksPerWorker,
        String shell,
        OutputOptions output) {

    /** No limits, and the defaults. */
    public static final CommandOptions DEFAULT =
            new CommandOptions(0, 0, false, 0, Duration.ZERO, 0, "", OutputOptions.DEFAULT);

    /**
     * A copy with other values.
     *
     * @param values by the names of the components; other names are ignored
     */
    public CommandOptions with(Map<String, ?> values) {
        RecordComponent[] components = CommandOptions.class.getRecordComponents();
        Object[] changed = new Object[components.length];
        Class<?>[] types = new Class<?>[components.length];
        try {
            for (int i = 0; i < components.length; i++) {
                Object given = values.get(components[i].getName());
                changed[i] = given == null ? components[i].getAccessor().invoke(this) : given;
                types[i] = components[i].getType();
            }
            return CommandOptions.class.getConstructor(types).newInstance(changed);
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException("no options: " + values, e);
        }
    }
}
