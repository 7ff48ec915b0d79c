#!/usr/bin/env bash
# CompletableFuture.runAsync runs eight tasks at once on Java 17, and one at a time on Java 25, on a machine with two processors.
#
# Seen with Debian's openjdk-17 and Temurin 25: eight tasks without an executor of their own that wait for the same event.
# Tasks that have started when nothing starts any more, for -XX:ActiveProcessorCount=1, 2, 4:
#   Java 17: 8, 8, 3
#   Java 25: 1, 1, 3
# Java 17 has a rule for machines where the common pool has one thread or none: each task gets a new thread. Java 25 has none
# and uses the common pool. The same holds for CompletableFuture.delayedExecutor, and for supplyAsync and thenApplyAsync.
#
# Good guesses miss it: "asynchronous tasks run in the common pool, one thread less than processors" was false on small
# machines for ten years, so that tasks could wait for each other there, and could not on larger ones. In a container with
# two processors Java 25 makes them wait in turn.
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
cat > "$folder/Tasks.java" <<'JAVA'
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

public class Tasks {
    public static void main(String[] arguments) throws Exception {
        Executor later = CompletableFuture.delayedExecutor(1, TimeUnit.MILLISECONDS);
        System.out.println(count(CompletableFuture::runAsync) + " " + count(later::execute));
    }

    /** How many of eight tasks start before one has ended. */
    private static int count(Executor executor) throws InterruptedException {
        CountDownLatch end = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(8);
        Semaphore started = new Semaphore(0);
        for (int i = 0; i < 8; i++) {
            executor.execute(() -> {
                started.release();
                try {
                    end.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                ended.countDown();
            });
        }
        int count = 0;
        while (count < 8 && started.tryAcquire(5, TimeUnit.SECONDS)) {
            count++;
        }
        end.countDown();
        ended.await();
        return count;
    }
}
JAVA
"$java17/bin/javac" -d "$folder" "$folder/Tasks.java"
result=0
check() { # home, processors, wanted: runAsync and delayedExecutor
    local seen
    seen=$("$1/bin/java" -XX:ActiveProcessorCount="$2" -cp "$folder" Tasks)
    echo "$(sed -n 's/^JAVA_VERSION=//p' "$1/release"), $2 processors, started at once: $seen"
    [ "$seen" = "$3" ] || result=1
}
check "$java17" 1 '8 8'
check "$java17" 2 '8 8'
check "$java17" 4 '3 3'
check "$java25" 1 '1 1'
check "$java25" 2 '1 1'
check "$java25" 4 '3 3'
exit "$result"
