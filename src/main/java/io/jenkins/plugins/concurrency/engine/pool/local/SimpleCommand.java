package io.jenkins.plugins.concurrency.engine.pool.local;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A script that is one program with plain arguments. Every shell reads it in the same way, and none is needed to run
 * it; {@code make} saves shells in the same way. Assignments of literals may stand before it, as a
 * {@link io.jenkins.plugins.concurrency.engine.pool.CommandTemplate} writes them. Its arguments may be expansions of
 * these in quotes.
 */
final class SimpleCommand {

    private static final String ASSIGNMENTS = "((?:parallel_[a-z0-9_]+='(?:[^']|'\\\\'')*+'\\n)*+)";
    private static final String PROGRAM = "([A-Za-z0-9_./][A-Za-z0-9_./+-]*+)";
    private static final String ARGUMENTS = "((?: ++(?:[A-Za-z0-9_@%+=:,./-]|\"\\$\\{parallel_[a-z0-9_]+\\}\")*+)*+)";

    private static final Pattern FORM = Pattern.compile(ASSIGNMENTS + " *" + PROGRAM + ARGUMENTS + "\\s*");

    /** Commands that all shells execute themselves and in the same way, without output. */
    private static final Set<String> SAME_EVERYWHERE = Set.of("true", "false");

    /** Words that some shell executes itself, or reads as part of its language. */
    private static final Set<String> OF_SHELLS = Set.of(
            (". : [ alias bg bind break builtin caller case cd chdir command compgen complete compopt continue coproc "
                            + "declare dirs disown do done echo elif else enable esac eval exec exit export fc fg fi for "
                            + "function getopts hash help history if in jobs kill let local login logout mapfile newgrp "
                            + "popd print printf pushd pwd read readarray readonly return select set shift shopt source "
                            + "suspend test then time times trap type typeset ulimit umask unalias unset until wait "
                            + "whence while")
                    .split(" "));

    private SimpleCommand() {}

    /**
     * What a shell has to evaluate that exists only for this script.
     *
     * @return {@code null} if the script is no simple command
     */
    @CheckForNull
    static String toEvaluate(String script) {
        Matcher matcher = FORM.matcher(script);
        if (!matcher.matches() || OF_SHELLS.contains(matcher.group(2))) {
            return null;
        }
        if (SAME_EVERYWHERE.contains(matcher.group(2))) {
            return script;
        }
        return matcher.group(1) + "exec " + matcher.group(2) + matcher.group(3);
    }
}
