package io.jenkins.plugins.concurrency.engine.pool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A persistent worker that misbehaves as {@link OddWorker} does, but starts in a moment. */
final class OddShell {

    private static final String SCRIPT =
            """
            late=
            answer() { printf '{"requestId":%s,"exitCode":%s,"output":"","value":%s}\\n' "$1" "$2" "$3"; }
            while IFS= read -r line; do
                id=${line#*requestId\\":}
                id=${id%%[,\\}]*}
                input=${line#*\\[\\"}
                input=${input%%\\"*}
                case $input in
                    pid) answer "$id" 0 $$ ;;
                    exit) answer "$id" 3 null ;;
                    crash) echo 'last words' >&2; exit 9 ;;
                    killed) kill -9 $$ ;;
                    child-and-crash) sleep 1000 & exit 4 ;;
                    rubbish) echo 'Traceback "x"' ;;
                    array) echo '[1]' ;;
                    binary) printf '\\000\\001\\002\\n' ;;
                    future) answer $((id + 1000)) 0 1 ;;
                    negative) answer -1 0 1 ;;
                    escape) printf '{"requestId":%s,"valueFile":"../../passwd"}\\n' "$id" ;;
                    twice) printf '{"requestId":%s,"value":1}\\n{"requestId":%s,"value":2}\\n' "$id" "$id" ;;
                    rubbish-after) printf '{"requestId":%s,"value":1}\\nand now\\n' "$id" ;;
                    at-its-end) late=$id ;;
                    never) ;;
                esac
            done
            [ -z "$late" ] || answer "$late" 0 1
            """;

    private OddShell() {}

    /** How to start one. */
    static String command(Path directory) throws IOException {
        Path script = Files.writeString(directory.resolve("odd-worker.sh"), SCRIPT);
        return "exec /bin/sh '" + script + "'";
    }
}
