package io.jenkins.plugins.concurrency.embedded;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;

import hudson.EnvVars;
import hudson.Util;
import java.util.Map;
import org.junit.Test;

public class EnvVarsTest {

    @Test
    public void overrideAddsToPaths() {
        EnvVars env = new EnvVars("PATH", "/bin");
        env.override("PATH+JDK", "/jdk/bin");
        env.override("NEW+X", "/x");
        assertEquals("/jdk/bin:/bin", env.get("PATH"));
        assertEquals("/x", env.get("NEW"));
    }

    @Test
    public void overrideWithNothingRemoves() {
        EnvVars env = new EnvVars("A", "1", "B", "2");
        env.overrideAll(new EnvVars("A", ""));
        assertFalse(env.containsKey("A"));
        assertEquals("2", env.get("b"));
    }

    @Test
    public void expansion() {
        EnvVars env = new EnvVars("A", "1", "PATH", "/bin");
        assertEquals("1 1x $B ${B} $ /bin", env.expand("$A ${A}x $B ${B} $$ $PATH"));
        assertNull(env.expand(null));
        env.overrideExpandingAll(Map.of("PATH", "/x:$PATH"));
        assertEquals("/x:/bin", env.get("PATH"));
    }

    @Test
    public void spansOfTime() {
        assertEquals("5 ms", Util.getTimeSpanString(5));
        assertEquals("0.25 sec", Util.getTimeSpanString(250));
        assertEquals("1.5 sec", Util.getTimeSpanString(1500));
        assertEquals("42 sec", Util.getTimeSpanString(42_000));
        assertEquals("1 min 5 sec", Util.getTimeSpanString(65_000));
        assertEquals("2 hr 0 min", Util.getTimeSpanString(7_200_000));
        assertEquals("1 day 1 hr", Util.getTimeSpanString(90_000_000));
    }
}
