package com.thoughtworks.xstream.converters;

/** Says which classes something is for. */
public interface ConverterMatcher {

    boolean canConvert(Class type);
}
