package com.thoughtworks.xstream.converters;

/** Where an object is written. */
public interface MarshallingContext {}
