#!/usr/bin/env bash
# Java 25 loses what is not ASCII in variables and arguments where Java 17 keeps it: in the locale C with UTF-8 as default.
#
# Seen with Debian's openjdk-17 and Temurin 25, LC_ALL=C and -Dfile.encoding=UTF-8. The variable is "ü", two bytes in
# UTF-8. Java 17: System.getenv has ü, and a process gets both bytes, from ProcessBuilder.environment() and as an argument.
# Java 25: System.getenv has U+FFFD twice, and the process gets "?" in both places. A variable that is only inherited keeps
# its bytes. On Java 25 -Dsun.jnu.encoding=UTF-8 changes nothing of it; LC_ALL=C.UTF-8 does.
#
# Good guesses miss it: "since Java 18 everything is UTF-8" is true of the content of files. Variables and arguments followed
# file.encoding and now follow the locale, so the option that has helped in containers without a locale does no more.
#
# Needs two JDKs, 17 and 25: JAVA17 and JAVA25 name their folders. Exits 0 while it is so.
set -eu

java17=${JAVA17:-/usr/lib/jvm/java-17-openjdk-amd64}
java25=${JAVA25:-/usr/lib/jvm/temurin-25-jdk-amd64}
for home in "$java17" "$java25"; do
    [ -x "$home/bin/java" ] || { echo "$home is no JDK: set JAVA17 and JAVA25"; exit 77; }
done
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat > "$folder/Variables.java" <<'JAVA'
import java.util.stream.Collectors;

public class Variables {
    public static void main(String[] arguments) throws Exception {
        String read = System.getenv("INHERITED")
                .chars()
                .mapToObj(c -> String.format("U+%04X", c))
                .collect(Collectors.joining(" "));
        ProcessBuilder builder = new ProcessBuilder(
                "/bin/sh", "-c", "for i in \"$SET\" \"$INHERITED\" \"$1\"; do printf %s \"$i\" | od -An -tx1; done", "_", "\u00fc");
        builder.environment().put("SET", "\u00fc");
        String child = new String(builder.start().getInputStream().readAllBytes()).strip().replaceAll("\\s*\n\\s*", ", ");
        System.out.println("read " + read + "; in the child: set, inherited, argument: " + child);
    }
}
JAVA
"$java17/bin/javac" -d "$folder" "$folder/Variables.java"
result=0
check() { # wanted, locale, home, options
    local wanted=$1 locale=$2 home=$3 seen
    shift 3
    seen=$(LC_ALL=$locale INHERITED=$'\xc3\xbc' "$home/bin/java" -Dfile.encoding=UTF-8 "$@" -cp "$folder" Variables)
    echo "$(sed -n 's/^JAVA_VERSION=//p' "$home/release"), LC_ALL=$locale $*: $seen"
    [ "$seen" = "$wanted" ] || result=1
}
kept='read U+00FC; in the child: set, inherited, argument: c3 bc, c3 bc, c3 bc'
lost='read U+FFFD U+FFFD; in the child: set, inherited, argument: 3f, c3 bc, 3f'
check "$kept" C "$java17"
check "$lost" C "$java25"
check "$lost" C "$java25" -Dsun.jnu.encoding=UTF-8
check "$kept" C.UTF-8 "$java25"
exit "$result"
