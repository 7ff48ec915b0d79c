package com.thoughtworks.xstream.io;

/** Elements that are read. */
public interface HierarchicalStreamReader {}
