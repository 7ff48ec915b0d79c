package com.thoughtworks.xstream.converters;

/** Where an object is read. */
public interface UnmarshallingContext {}
