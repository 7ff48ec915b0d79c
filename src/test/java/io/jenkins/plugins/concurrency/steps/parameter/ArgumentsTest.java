package io.jenkins.plugins.concurrency.steps.parameter;

import static org.junit.Assert.assertEquals;

import io.jenkins.plugins.concurrency.engine.json.Json;
import net.sf.json.JSONObject;
import org.junit.Test;

public class ArgumentsTest {

    @Test
    public void parsedJsonIsAJsonValue() {
        String text = "{\"a\":[1,null,{\"b\":null}],\"c\":1.5}";
        assertEquals(text, Json.write(Arguments.plain(JSONObject.fromObject(text))));
    }

    @Test
    public void arraysAreLists() {
        assertEquals("[[\"a\",null]]", Json.write(Arguments.plain(new Object[] {new String[] {"a", null}})));
    }
}
