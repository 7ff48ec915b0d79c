package io.jenkins.plugins.concurrency.steps.log;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import org.junit.Test;

public class LogTextTest {

    private static final String ESC = "\u001b";

    private static String coloured(String text) {
        return LogText.coloured(text, 20).replace(ESC, "<ESC>");
    }

    @Test
    public void coloursOfCommandsReachTheLogAndEndWithTheLine() {
        assertEquals("<ESC>[31mred<ESC>[0m plain", coloured(ESC + "[31mred" + ESC + "[0m plain"));
        assertEquals("<ESC>[1;38;5;8mgrey<ESC>[m", coloured(ESC + "[1;38;5;8mgrey"));
        assertEquals("<ESC>[38;2;8;8;8mx<ESC>[m", coloured(ESC + "[38;2;8;8;8mx"));
    }

    @Test
    public void whatElseTerminalsDoDoesNot() {
        assertEquals("ab", coloured("a" + ESC + "[2K" + ESC + "[1;1H" + ESC + "[?25lb"));
        assertEquals("a title", coloured("a" + ESC + "]0;window" + "\u0007" + " title"));
        assertEquals("ab", coloured("a\u009b2Jb"));
        assertEquals("ab", coloured("a" + ESC + "(Bb" + ESC + "7" + ESC));
        assertEquals("what hides text", "secret", coloured(ESC + "[8msecret"));
        assertEquals("secret", coloured(ESC + "[1;8msecret"));
        assertEquals("cut in its midst", "a", coloured("a" + ESC + "[3"));
        assertEquals("10% 20%", coloured("10%\r20%\r"));
    }

    @Test
    public void namesAndMessagesHaveNoColours() {
        assertEquals("red plain", LogText.line(ESC + "[31mred" + ESC + "[0m plain"));
    }

    @Test
    public void coloursDoNotCountAsText() {
        assertEquals("<ESC>[31m" + "x".repeat(20) + "…<ESC>[m", coloured(ESC + "[31m" + "x".repeat(30)));
    }

    @Test
    public void coloursAreBounded() {
        assertEquals("<ESC>[31mab<ESC>[m", coloured(ESC + "[31ma" + ESC + "[" + "1;".repeat(100) + "32mb"));
        String many = coloured((ESC + "[31m" + ESC + "[0m").repeat(1_000) + "text");
        assertTrue(many, many.startsWith("<ESC>[31m<ESC>[0m") && many.contains("text") && many.length() < 300);
        String open = coloured((ESC + "[31m").repeat(1_000) + "text" + ESC + "[0m");
        assertTrue(open, open.endsWith("text<ESC>[m"));
    }
}
