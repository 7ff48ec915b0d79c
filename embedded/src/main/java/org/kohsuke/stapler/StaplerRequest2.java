package org.kohsuke.stapler;

import jakarta.servlet.http.HttpServletRequest;
import net.sf.json.JSONObject;

/** A request for a page. */
public interface StaplerRequest2 extends HttpServletRequest {

    /** What of the path no object has taken. */
    String getRestOfPath();

    /** Sets the properties of an object as a form says. */
    void bindJSON(Object bean, JSONObject src);
}
