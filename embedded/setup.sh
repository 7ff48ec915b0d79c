# Sourced by `run`, `bench` and `test`: finds Java and Maven, and compiles what is new. Needs `here`, the folder of this file.

target=$here/target
stamp=$target/setup.stamp
benchmark_stamp=$here/benchmark/target/setup.stamp

fail() {
  echo "embedded: $*" >&2
  exit 64
}

# Sets `java` to a Java 17 or later.
find_java() {
  if [ -n "${JAVA_HOME:-}" ]; then
    java=$JAVA_HOME/bin/java
    [ -x "$java" ] || fail "no Java in JAVA_HOME ($JAVA_HOME); set it to a JDK 17 or later"
  else
    java=$(command -v java) || fail "no Java found; install a JDK 17 or later, or set JAVA_HOME"
  fi
  # A JDK says its version in a file, which is faster to read than to ask it.
  local release version
  release=$(dirname "$(dirname "$(readlink -f "$java" 2>/dev/null || echo "$java")")")/release
  version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$release" 2>/dev/null || true)
  if [ -z "$version" ]; then
    version=$("$java" -version 2>&1 | sed -n 's/.* version "\([0-9]*\).*/\1/p')
  fi
  [ "${version:-0}" -ge 17 ] || fail "Java ${version:-of unknown version} at $java is too old; install a JDK 17 or later, or set JAVA_HOME"
}

# Sets `mvn` to a Maven 3.8 or later, and makes it use the Java found.
find_maven() {
  local home version major minor
  mvn=$(command -v mvn) || fail "no Maven found; install Maven 3.8 or later"
  home=$(dirname "$(dirname "$(readlink -f "$java" 2>/dev/null || echo "$java")")")
  if [ -z "${JAVA_HOME:-}" ] && [ -x "$home/bin/javac" ]; then
    export JAVA_HOME=$home
  fi
  [ -x "${JAVA_HOME:-$home}/bin/javac" ] || command -v javac >/dev/null ||
    fail "the Java at $java has no compiler; install a JDK 17 or later, or set JAVA_HOME"
  version=$("$mvn" -v 2>/dev/null | sed -n 's/.*Apache Maven \([0-9][0-9]*\.[0-9][0-9]*\).*/\1/p' | head -n 1)
  major=${version%%.*} minor=${version#*.}
  [ -n "$version" ] && { [ "$major" -gt 3 ] || { [ "$major" -eq 3 ] && [ "$minor" -ge 8 ]; }; } ||
    fail "Maven ${version:-of unknown version} at $mvn is too old; install Maven 3.8 or later"
}

# Whether what was compiled is what the sources say, and its libraries are still there.
is_set_up() {
  local library libraries folder sources
  [ -f "$stamp" ] && [ -f "$target/classpath" ] || return 1
  sources=("$here/pom.xml" "$here/src/main")
  [ ! -d "$here/../src/main" ] || sources+=("$here/../src/main")
  [ -z "$(find "${sources[@]}" -newer "$stamp" 2>/dev/null | head -n 1)" ] || return 1
  IFS=: read -r -a libraries <"$target/classpath"
  for library in "${libraries[@]}"; do
    [ -f "$library" ] || return 1
  done
}

# Takes the lock on `target`, a link that names this process; waits while another one that is alive has it.
lock() {
  mkdir -p "$target" && [ -w "$target" ] || fail "cannot write to $target"
  until ln -s $$ "$target/setup.lock" 2>/dev/null; do
    if kill -0 "$(readlink "$target/setup.lock")" 2>/dev/null; then
      sleep 1
    else
      rm -f "$target/setup.lock"
    fi
  done
  trap unlock EXIT
}

unlock() {
  rm -f "$target/setup.lock"
  trap - EXIT
}

# Compiles with Maven unless nothing has changed. Arguments go to Maven.
set_up() {
  is_set_up && return
  find_maven
  lock
  is_set_up || compile "$@"
  unlock
}

compile() {
  echo "embedded: setting up with Maven ..." >&2
  # All of it at once: Maven does not notice that a change of the API concerns the plugin too.
  rm -rf "$stamp" "$target/classes" "$target/plugin-classes" "$target/maven-status" "$target/hpi"
  # What changes from here on is newer than the stamp.
  touch "$target/setup.begun"
  call_maven "$here/pom.xml" "$@" process-classes
  mv "$target/setup.begun" "$stamp"
}

# Maven's own words are only shown if it fails. The first argument is the pom.xml.
call_maven() {
  "$mvn" -B -ntp -q -f "$@" >"$target/setup.log" 2>&1 </dev/null || {
    cat "$target/setup.log" >&2
    fail "Maven could not set this up (see above)"
  }
}

# Whether the benchmark is what its sources say, compiled against what is set up now.
is_benchmark_set_up() {
  local sources=("$here/benchmark/pom.xml" "$here/benchmark/src" "$stamp")
  [ -f "$benchmark_stamp" ] && [ -z "$(find "${sources[@]}" -newer "$benchmark_stamp" | head -n 1)" ]
}

# As set_up, with the benchmark.
set_up_benchmark() {
  set_up "$@"
  is_benchmark_set_up && return
  find_maven
  lock
  is_benchmark_set_up || compile_benchmark "$@"
  unlock
}

compile_benchmark() {
  rm -rf "$here/benchmark/target"
  touch "$target/setup.begun"
  call_maven "$here/benchmark/pom.xml" "$@" compile
  mv "$target/setup.begun" "$benchmark_stamp"
}
