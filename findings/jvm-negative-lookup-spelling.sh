#!/usr/bin/env bash
# The JVM keeps "unknown host" for ten seconds, but by the spelling of the name: the same name with a capital letter is
# looked up anew at once.
#
# Seen with Debian's openjdk-17: "late.example" is not known, then it gets an address. "late.example" stays unknown for as
# long as the answer is kept (networkaddress.cache.negative.ttl, 10 s), "Late.example" has the address at the same
# moment, and "late.example" still has none after that. Names are the same in DNS whatever their case.
#
# Good guesses miss it: the option can't be changed any more once something has been looked up, there is no call
# that empties the cache, and a retry after some seconds looks as if the name were still missing. So a retry within a
# shared JVM (a Jenkins agent) that must not change options can ask in another spelling.
#
# Needs a JDK 17 or later (Debian). Asks no server: the names come from a file. Exits 0 while it is so.
set -eu

command -v java >/dev/null || { echo "java is not installed"; exit 77; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat > "$folder/Late.java" <<'JAVA'
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;

public class Late {
    public static void main(String[] arguments) throws Exception {
        String before = find("late.example");
        Files.writeString(Path.of(arguments[0]), "192.0.2.7 late.example Late.example\n");
        System.out.println(before + ", " + find("late.example") + ", " + find("Late.example") + ", " + find("late.example"));
    }

    static String find(String name) {
        try {
            return name + " " + InetAddress.getByName(name).getHostAddress();
        } catch (UnknownHostException e) {
            return name + " unknown";
        }
    }
}
JAVA
echo "192.0.2.1 other.example" > "$folder/hosts"
java -version 2>&1 | head -1
seen=$(java -Djdk.net.hosts.file="$folder/hosts" "$folder/Late.java" "$folder/hosts")
echo "$seen"
test "$seen" = "late.example unknown, late.example unknown, Late.example 192.0.2.7, late.example unknown"
