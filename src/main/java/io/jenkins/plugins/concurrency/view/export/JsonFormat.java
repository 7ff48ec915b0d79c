package io.jenkins.plugins.concurrency.view.export;

import io.jenkins.plugins.concurrency.engine.json.Json;
import io.jenkins.plugins.concurrency.view.data.PublicDetails;
import io.jenkins.plugins.concurrency.view.data.RunIndex;
import java.io.IOException;
import java.io.Writer;
import java.util.Map;

/** The summary of a run, and each branch on a line of its own. */
final class JsonFormat implements Download.Format {

    @Override
    public void write(RunIndex run, Writer out) throws IOException {
        Map<String, Object> summary = run.summary(false).toJson();
        summary.remove("state"); // known only together with the build's
        String head = Json.write(summary);
        out.write(head.substring(0, head.length() - 1) + ",\"branches\":[");
        String[] separator = {"\n"};
        run.forEach((outcome, lane) -> {
            Map<String, Object> branch = PublicDetails.toJson(outcome);
            branch.put("lane", lane);
            out.write(separator[0] + Json.write(branch));
            separator[0] = ",\n";
        });
        out.write("\n]}\n");
    }
}
