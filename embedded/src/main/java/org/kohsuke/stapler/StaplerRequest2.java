package org.kohsuke.stapler;

import jakarta.servlet.http.HttpServletRequest;
import net.sf.json.JSONObject;

/** A request for a page. */
public interface StaplerRequest2 extends HttpServletRequest {

    /** What of the path no object has taken. */
    String getRestOfPath();

    /** Sets the properties of an object as a form says. */
    void bindJSON(Object bean, JSONObject src);

    /** Who is asked first when a value of a form is read, until another is set. Returns who it was before. */
    BindInterceptor setBindInterceptor(BindInterceptor bindListener);
}
