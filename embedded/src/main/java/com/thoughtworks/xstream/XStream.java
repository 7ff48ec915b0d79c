package com.thoughtworks.xstream;

/** How objects are kept as XML, which nothing is here. */
public class XStream {

    public void alias(String name, Class type) {}

    public void omitField(Class definedIn, String fieldName) {}
}
