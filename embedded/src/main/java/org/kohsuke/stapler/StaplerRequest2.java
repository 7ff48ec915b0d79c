package org.kohsuke.stapler;

import jakarta.servlet.http.HttpServletRequest;

/** A request for a page. */
public interface StaplerRequest2 extends HttpServletRequest {}
