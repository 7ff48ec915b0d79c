package hudson.util;

import com.thoughtworks.xstream.XStream;

/** How Jenkins keeps objects as XML, which it does not here. */
public class XStream2 extends XStream {}
