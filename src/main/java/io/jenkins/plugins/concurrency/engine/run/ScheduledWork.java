package io.jenkins.plugins.concurrency.engine.run;

import io.jenkins.plugins.concurrency.engine.schedule.ScheduleControl;
import java.io.Closeable;
import java.util.List;

/**
 * The work of a run, not started.
 *
 * @param afterwards closed in this order when nothing is running any more
 */
record ScheduledWork(ScheduleControl schedule, List<Closeable> afterwards) {

    ScheduledWork(ScheduleControl schedule, Closeable... afterwards) {
        this(schedule, List.of(afterwards));
    }
}
