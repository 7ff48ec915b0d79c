package org.kohsuke.stapler;

import jakarta.servlet.http.HttpServletResponse;

/** The answer to a request for a page. */
public interface StaplerResponse2 extends HttpServletResponse {}
