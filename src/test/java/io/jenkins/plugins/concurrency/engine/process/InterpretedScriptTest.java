package io.jenkins.plugins.concurrency.engine.process;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.util.List;
import org.junit.Test;

/** Which program reads a script. */
public class InterpretedScriptTest {

    private static List<String> interpreter(String text, String shell) {
        return InterpretedScript.of(text, shell).interpreter();
    }

    @Test
    public void theFirstLineNamesAProgramAndOneArgument() {
        assertEquals(List.of("/bin/sh"), interpreter("#!/bin/sh\necho", "zsh"));
        assertEquals(List.of("/usr/bin/env", "-S bash -e"), interpreter("#! /usr/bin/env\t-S bash -e \r\necho", ""));
        assertEquals("only at the very beginning", List.of(), interpreter("\n#!/bin/sh\necho", ""));
        assertEquals("nothing is named", List.of(), interpreter("#!\necho", "zsh"));
    }

    @Test
    public void aShellWithoutOptionsStopsAtTheFirstFailure() {
        assertEquals(List.of("bash", "-e"), interpreter("echo", " bash "));
        assertEquals(List.of("/opt/bin/zsh", "-e"), interpreter("echo", "/opt/bin/zsh"));
        assertEquals(List.of("bash", "-eo", "pipefail"), interpreter("echo", "bash -eo  pipefail"));
        assertEquals(List.of("busybox", "sh", "-e"), interpreter("echo", "busybox"));
        assertEquals(List.of("/bin/busybox", "ash", "-e"), interpreter("echo", "/bin/busybox ash"));
        assertEquals(List.of("busybox", "sh", "-x"), interpreter("echo", "busybox sh -x"));
        assertEquals(List.of("busybox", "awk", "-f"), interpreter("echo", "busybox awk -f"));
        assertEquals(List.of("python3"), interpreter("print()", "python3"));
        assertEquals(List.of(), interpreter("echo", ""));
    }

    @Test
    public void onlyPosixShellsReadTheirLanguage() {
        for (String shell : List.of("", "sh", "/usr/bin/bash -x", "env -i A=b dash", "C:\\Git\\bin\\bash.exe", "busybox", "busybox sh",
                "env busybox ash -x")) {
            assertTrue(shell, InterpretedScript.of("x", shell).isForPosixShell());
        }
        assertTrue(InterpretedScript.of("#!/usr/bin/env -S bash -e\nx", "").isForPosixShell());
        for (String other : List.of("python3", "fish", "env node", "/opt/bash/perl", "busybox awk -f")) {
            assertFalse(other, InterpretedScript.of("x", other).isForPosixShell());
        }
        assertFalse("takes the file for a program's name", InterpretedScript.of("#!/bin/busybox\n", "").isForPosixShell());
    }

    @Test
    public void noProgramHasANulInItsName() {
        assertThrows(IllegalArgumentException.class, () -> InterpretedScript.of("#!/bin/\0sh\n", ""));
    }
}
