#!/usr/bin/env bash
# new File("") does not exist on Java 17, and is the working directory on Java 25: helpers that delete a folder empty it.
#
# Seen with Debian's openjdk-17, Temurin 25, Groovy 4.0.26 and Commons IO 2.20.0, in a folder with a file and a folder:
#                                            Java 17                          Java 25
#   new File("").exists(), isDirectory()     false, false                     true, true
#   new File("").list()                      null                             the names in the working directory
#   Groovy's new File('').deleteDir()        true, and deletes nothing        false, and all in it is gone
#   FileUtils.deleteQuietly(new File(""))    false, and deletes nothing       false, and all in it is gone
#   new ProcessBuilder(…).directory(it)      IOException                      IOException (the text has changed)
#
# Good guesses miss it: an empty path from an unset parameter was harmless for thirty years, since all of File's methods said
# that there is nothing. The result is no help: Groovy says true where it did nothing and false where it has deleted.
#
# Needs Maven and two JDKs, 17 and 25: JAVA17 and JAVA25 name their folders. Deletes in its own temporary folder only. Exits 0
# while it is so.
set -eu

java17=${JAVA17:-/usr/lib/jvm/java-17-openjdk-amd64}
java25=${JAVA25:-/usr/lib/jvm/temurin-25-jdk-amd64}
for home in "$java17" "$java25"; do
    [ -x "$home/bin/java" ] || { echo "$home is no JDK: set JAVA17 and JAVA25"; exit 77; }
done
command -v mvn >/dev/null || { echo "mvn is not installed: apt-get install maven"; exit 77; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat > pom.xml <<'POM'
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>finding</groupId><artifactId>finding</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>org.apache.groovy</groupId><artifactId>groovy</artifactId><version>4.0.26</version></dependency>
    <dependency><groupId>commons-io</groupId><artifactId>commons-io</artifactId><version>2.20.0</version></dependency>
  </dependencies>
</project>
POM
mvn -q -B -ntp -Dmaven.repo.local="$folder/m2" org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies -DoutputDirectory=lib
cat > Empty.java <<'JAVA'
import java.io.File;
import java.io.IOException;
import org.apache.commons.io.FileUtils;
import org.codehaus.groovy.runtime.ResourceGroovyMethods;

public class Empty {
    public static void main(String[] arguments) {
        File empty = new File("");
        System.out.println(switch (arguments[0]) {
            case "exists" -> empty.exists() + " " + empty.isDirectory() + " " + (empty.list() == null ? 0 : empty.list().length);
            case "groovy" -> ResourceGroovyMethods.deleteDir(empty);
            case "commons" -> FileUtils.deleteQuietly(empty);
            default -> start(empty);
        });
    }

    private static String start(File folder) {
        try {
            new ProcessBuilder("true").directory(folder).start();
            return "started";
        } catch (IOException e) {
            return "IOException";
        }
    }
}
JAVA
"$java17/bin/javac" -cp 'lib/*' -d . Empty.java
result=0
check() { # home, what, wanted: its result, and how many entries are left of two
    local seen
    rm -rf work
    mkdir -p work/folder
    touch work/file work/folder/file
    seen="$(cd work && "$1/bin/java" -cp "$folder:$folder/lib/*" Empty "$2"), left $(find work -mindepth 1 -maxdepth 1 | wc -l)"
    echo "$(sed -n 's/^JAVA_VERSION=//p' "$1/release"), $2: $seen"
    [ "$seen" = "$3" ] || result=1
}
check "$java17" exists 'false false 0, left 2'
check "$java25" exists 'true true 2, left 2'
check "$java17" groovy 'true, left 2'
check "$java25" groovy 'false, left 0'
check "$java17" commons 'false, left 2'
check "$java25" commons 'false, left 0'
check "$java17" process 'IOException, left 2'
check "$java25" process 'IOException, left 2'
exit "$result"
