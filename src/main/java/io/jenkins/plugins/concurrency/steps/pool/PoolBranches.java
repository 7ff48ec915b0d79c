package io.jenkins.plugins.concurrency.steps.pool;

import groovy.lang.Closure;
import io.jenkins.plugins.concurrency.engine.json.Json;
import io.jenkins.plugins.concurrency.engine.names.UniqueNames.DuplicateNameException;
import io.jenkins.plugins.concurrency.engine.pool.CommandTemplate;
import io.jenkins.plugins.concurrency.engine.pool.PoolBranch;
import io.jenkins.plugins.concurrency.steps.parameter.Arguments;
import io.jenkins.plugins.concurrency.steps.parameter.BranchList;
import io.jenkins.plugins.concurrency.steps.parameter.WrongArgumentException;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** Reads the inputs or tasks of a pool. Used once. */
final class PoolBranches {

    private final PoolStep step;
    private final BranchList.Builder branches = new BranchList.Builder();

    PoolBranches(PoolStep step) {
        this.step = step;
    }

    /** Makes a branch for each command. */
    BranchList ofTasks(Object tasks) throws WrongArgumentException {
        try {
            if (tasks instanceof Map<?, ?> named) {
                for (Map.Entry<?, ?> task : named.entrySet()) {
                    String script = script(task.getValue(), "'" + task.getKey() + "'");
                    branches.add(String.valueOf(task.getKey()), script, Map.of("command", script));
                }
                return branches.build();
            }
            List<?> items = Arguments.items(tasks);
            if (items == null) {
                throw step.wrong(
                        "tasks",
                        Arguments.describe(tasks) + " is given; allowed is a list of commands or a map"
                                + Arguments.closureHint(tasks));
            }
            for (Object item : items) {
                String script = script(item, "item " + (branches.size() + 1));
                branches.add(null, script, Map.of("command", script));
            }
            return branches.build();
        } catch (DuplicateNameException e) {
            throw step.wrong("tasks", e.getMessage() + "; names must differ");
        }
    }

    private String script(Object task, String where) throws WrongArgumentException {
        if (task instanceof CharSequence text && !text.toString().isBlank()) {
            return checkNul(step, "tasks", text.toString(), where + " has");
        }
        throw step.wrong(
                "tasks",
                where + " is " + Arguments.describe(task) + "; allowed is a command" + Arguments.closureHint(task));
    }

    /** Returns a text that is run. Shells leave out a NUL character without a word, and no argument can have one. */
    static String checkNul(PoolStep step, String parameter, String text, String subject) throws WrongArgumentException {
        if (text.indexOf('\0') >= 0) {
            throw step.wrong(parameter, subject + " a NUL character, which no command can have");
        }
        return text;
    }

    /** Makes a branch for each input. */
    BranchList ofInputs(Object inputs) throws WrongArgumentException {
        List<?> items = Arguments.items(inputs);
        if (items == null) {
            throw step.wrong(
                    "inputs", Arguments.describe(inputs) + " is given; allowed is a list" + Arguments.closureHint(inputs));
        }
        String command = step.getCommand();
        CommandTemplate.InputCheck check = command == null ? null : new CommandTemplate.InputCheck(command);
        for (Object item : items) {
            Object input = Arguments.plain(item);
            int number = branches.size() + 1;
            if (item instanceof Closure) {
                throw step.wrong("inputs", "item " + number + " is a closure" + Arguments.closureHint(item));
            }
            try {
                Json.write(input);
            } catch (IllegalArgumentException e) {
                throw step.wrong("inputs", "item " + number + " can't be passed to a process: " + e.getMessage());
            }
            String name = PoolBranch.nameOf(input, branches.size());
            try {
                if (check != null) {
                    check.accept(input);
                }
                branches.add(null, name, Collections.singletonMap("input", input));
            } catch (IllegalArgumentException e) {
                throw step.wrong("command", "for '" + name + "': " + e.getMessage());
            } catch (DuplicateNameException e) {
                throw new AssertionError("derived names are made unique", e);
            }
        }
        return branches.build();
    }
}
