package net.sf.json;

/** A JSON object as forms send it; nobody sends forms here. */
public final class JSONObject {

    private JSONObject() {}
}
