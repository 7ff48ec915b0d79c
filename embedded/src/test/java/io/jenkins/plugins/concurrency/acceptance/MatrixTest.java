package io.jenkins.plugins.concurrency.acceptance;

import static org.junit.Assert.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.junit.rules.Timeout;

/** Inputs with names, and the combinations of a {@code matrix}. */
public class MatrixTest {

    @Rule
    public final Timeout timeout = Timeout.seconds(120);

    @Rule
    public final Builds builds = new Builds();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void combinationsAreThoseOfGithubActions() throws Exception {
        builds.run("""
                def cells(Map arguments) {
                    gather(arguments + [quiet: true]) { cell -> cell.collect { "${it.key}:${it.value}" }.join(' ') }.values()
                }
                def fruit = [fruit: ['apple', 'pear'], animal: ['cat', 'dog']]
                def included = cells(matrix: fruit, include: [
                    [color: 'green'], [color: 'pink', animal: 'cat'], [fruit: 'apple', shape: 'circle'],
                    [fruit: 'banana'], [fruit: 'banana', animal: 'cat']])
                echo "included ${included}"
                def excluded = cells(matrix: fruit + [n: [1, 2]], exclude: [[fruit: 'apple'], [animal: 'dog', n: '2']],
                    include: [[fruit: 'apple', animal: 'cat', n: 3], [n: 1.0, first: true]])
                echo "excluded ${excluded}"
                echo "nothing is overwritten ${cells(matrix: [a: [1, 2]], include: [[a: 2], [a: 2, b: 1], [b: 2]])}"
                echo "alone ${cells(include: [[os: 'mac', fast: true], [os: 'win']])} ${cells(matrix: [a: [1]], exclude: [[a: 1]])}"
                echo "parts ${cells(matrix: [v: [[n: 1, m: 2], [n: 2]], r: 1..2], exclude: [[v: [n: 1], r: 1]])}"
                """)
                .assertEnded(0, "SUCCESS")
                .assertSaid("included [fruit:apple animal:cat color:pink shape:circle, fruit:apple animal:dog color:green shape:circle,"
                        + " fruit:pear animal:cat color:pink, fruit:pear animal:dog color:green, fruit:banana, fruit:banana animal:cat]")
                .assertSaid("excluded [fruit:pear animal:cat n:1 first:true, fruit:pear animal:cat n:2,"
                        + " fruit:pear animal:dog n:1 first:true, fruit:apple animal:cat n:3]")
                .assertSaid("nothing is overwritten [a:1 b:2, a:2 b:2]")
                .assertSaid("alone [os:mac fast:true, os:win] []")
                .assertSaid("parts [v:[n:1, m:2] r:2, v:[n:2] r:1, v:[n:2] r:2]");
    }

    @Test
    public void documentedMatrix() throws Exception {
        Path script = Files.writeString(
                folder.getRoot().toPath().resolve("matrix.Jenkinsfile"), DocumentedScripts.of("steps.md").script("## Matrix"));
        builds.run(script)
                .assertEnded(0, "SUCCESS")
                .assertSaid("[os=linux, jdk=17, os=linux, jdk=21, os=win, jdk=21, os=mac, jdk=21, fast=true]")
                .assertSaid("make mac 21 --fast");
    }

    @Test
    public void cellsAreNamedAndKeepTheirTypes() throws Exception {
        builds.run("""
                node {
                    def os = 'lin'
                    def r = cpuPool matrix: [os: ["${os}ux", "it's"], jdk: [17, 21.0]], exclude: [[os: "it's", jdk: 21]],
                        command: 'echo {jdk}-{os} {#}'
                    echo "pool ${r*.name} ${r.values()}"
                    echo "function ${ioPool(matrix: [n: [1, 2], s: ['1']], groovy: 'input.n + 1 + input.s').values()}"
                    echo "names ${cpuPool(inputs: [[a: 'd/b.c', n: null], [a: 'x', n: [1]]], command: 'echo {a/.} {n}')*.name}"
                    echo "lists ${cpuPool(inputs: [['d/b.c', 1], ['x', 2]], command: 'echo {1//} {2}').values()}"
                }
                def g = gather(matrix: [os: ['linux', 'linux'], n: [1]], retries: 1, retryDelay: 0, concurrency: 1) { cell ->
                    def n = cell.n++
                    if (n == 1 && cell.remove('os') && !currentBuild.description) { currentBuild.description = 'x'; error 'once' }
                    n + 1
                }
                def big = gather(matrix: [a: 0..<50, b: 0..<20], concurrency: 20, quiet: true) { it.a * it.b }
                echo "big ${big.size()} ${big.sum { it.value }}"
                echo "gather ${g*.name} ${g.values()} ${g.collect { it.attempts }}"
                """)
                .assertEnded(0, "SUCCESS")
                .assertSaid("pool [os=linux, jdk=17, os=linux, jdk=21.0, os=it's, jdk=17] [17-linux 1, 21.0-linux 2, 17-it's 3]")
                .assertSaid("function [21, 31]")
                .assertSaid("names [a=d/b.c, n=null, a=x, n=[1]]")
                .assertSaid("lists [d 1, . 2]")
                .assertSaid("big 1000 232750")
                .assertSaid("gather [os=linux, n=1, os=linux, n=1 #2] [2, 2] [2, 1]");
    }

    @Test
    public void aFileOfInputsHasNamesToo() throws Exception {
        Builds.Build build = builds.run("""
                node {
                    writeFile file: 'in.ndjson', text: '{"os":"linux","jdk":17}\\n\\n{"os":"win","jdk":21}\\n'
                    echo "${cpuPool(inputsFile: 'in.ndjson', command: 'echo {os}-{jdk} # all').values()}"
                    writeFile file: 'bad.ndjson', text: '{"os":"linux"}\\n{"jdk":21}\\n'
                    cpuPool inputsFile: 'bad.ndjson', command: 'touch started; echo {os}'
                }
                """);
        build.assertEnded(1, "FAILURE").assertSaid("[linux-17, win-21]");
        build.line(".*inputsFile: line 2: \\{os\\} is no part of the input, which has \\{jdk\\}; .*");
        assertEquals(false, builds.workspace().resolve("started").toFile().exists());
    }
}
