package jenkins.metrics.api;

import com.codahale.metrics.MetricSet;
import hudson.ExtensionPoint;

/** What plugins measure; here nobody reads it. */
public abstract class MetricProvider implements ExtensionPoint {

    public abstract MetricSet getMetricSet();
}
