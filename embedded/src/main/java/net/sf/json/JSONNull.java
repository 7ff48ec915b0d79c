package net.sf.json;

/** Nothing in a parsed JSON text; nobody parses any in this way here. */
public final class JSONNull {

    private JSONNull() {}
}
