package io.jenkins.plugins.concurrency.steps.fetch;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.fetch.FetchBranch;
import io.jenkins.plugins.concurrency.engine.fetch.http.BodySpec;
import io.jenkins.plugins.concurrency.engine.json.JsonObject;
import io.jenkins.plugins.concurrency.engine.names.UniqueNames.DuplicateNameException;
import io.jenkins.plugins.concurrency.steps.RunStep;
import io.jenkins.plugins.concurrency.steps.parameter.Arguments;
import io.jenkins.plugins.concurrency.steps.parameter.BranchList;
import io.jenkins.plugins.concurrency.steps.parameter.WrongArgumentException;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Reads {@code urls} in all its forms. A URL itself is checked when its branch starts, so an invalid one fails alone.
 */
final class FetchBranches {

    /** The keys whose values may be more than text. */
    private static final Set<String> STRUCTURED = Set.of("headers", "query", "json", "form", "multipart");

    private final FetchParameters step;
    private final boolean onAgent;
    private final FetchCredentials credentials;
    private final BranchList.Builder branches = new BranchList.Builder();

    /**
     * @param step makes the error messages
     * @param onAgent whether there is a workspace for files
     * @param credentials records each use
     */
    FetchBranches(FetchParameters step, boolean onAgent, FetchCredentials credentials) {
        this.credentials = credentials;
        this.step = step;
        this.onAgent = onAgent;
    }

    BranchList list(Object urls) throws WrongArgumentException {
        if (urls instanceof Map<?, ?> named) {
            for (Map.Entry<?, ?> entry : named.entrySet()) {
                add(String.valueOf(entry.getKey()), entry.getValue());
            }
            return branches.build();
        }
        List<?> items = Arguments.items(urls);
        if (items == null) {
            throw step.wrong(
                    "urls", Arguments.describe(urls) + " is given; allowed are a list or a map" + Arguments.closureHint(urls));
        }
        for (Object item : items) {
            add(null, item);
        }
        return branches.build();
    }

    private void add(@CheckForNull String name, Object item) throws WrongArgumentException {
        String where = name == null ? "item " + (branches.size() + 1) : "'" + name + "'";
        Map<String, Object> fields = new LinkedHashMap<>(fields(item, where));
        Object ownName = fields.remove("name");
        String given = ownName == null ? name : ownName.toString();
        Object credentialsId = fields.getOrDefault("credentialsId", step.getCredentialsId());
        if (credentialsId != null) {
            credentials.use(credentialsId.toString(), fields.get("url").toString());
        }
        if (wantsFiles() && fields.get("file") == null) {
            throw step.wrong(
                    "process", where + " has no file that 'command' could read; give 'toDir', or a 'file' to each request");
        }
        try {
            branches.add(given, fields.get("url").toString(), fields);
        } catch (DuplicateNameException e) {
            throw step.wrong("urls", e.getMessage() + "; names must differ");
        }
    }

    private Map<String, Object> fields(Object item, String where) throws WrongArgumentException {
        if (item instanceof CharSequence url) {
            return Map.of("url", url.toString());
        }
        if (!(item instanceof Map<?, ?> map)) {
            throw step.wrong(
                    "urls",
                    where + " is " + Arguments.describe(item) + "; allowed are a URL or a map" + Arguments.closureHint(item));
        }
        Map<String, Object> fields = Arguments.plainMap(map);
        fields.values().removeIf(Objects::isNull);
        for (Map.Entry<String, Object> field : fields.entrySet()) {
            checkField(field.getKey(), field.getValue(), where);
            if (!STRUCTURED.contains(field.getKey())) {
                field.setValue(field.getValue().toString());
            }
        }
        if (!fields.containsKey("url")) {
            throw step.wrong("urls", where + " has no 'url'");
        }
        FetchBranch branch;
        try {
            branch = FetchBranch.fromJson(0, new JsonObject(fields));
        } catch (IOException e) {
            throw step.wrong("urls", where + ": " + e.getMessage());
        }
        if (branch.problem() != null) {
            throw step.wrong("urls", where + ": " + branch.problem());
        }
        checkFiles(step, branch.body(), "urls", where + ": ", onAgent);
        if (fields.keySet().stream().anyMatch(STRUCTURED::contains)) {
            Object name = fields.get("name");
            fields = branch.toJson(); // now with texts for values that are sent as text
            fields.put("name", name);
        }
        return fields;
    }

    private void checkField(String field, Object value, String where) throws WrongArgumentException {
        if (!FetchBranch.FIELDS.contains(field)) {
            throw step.wrong("urls", where + ": unknown key '" + field + "'; allowed are " + FetchBranch.FIELDS);
        }
        boolean isText = !(value instanceof Map) && !(value instanceof List);
        if (field.equals("headers") ? !(value instanceof Map) : !STRUCTURED.contains(field) && !isText) {
            String allowed = field.equals("headers") ? "a map" : "text";
            throw step.wrong("urls", where + ": " + field + " is " + Arguments.describe(value) + "; allowed is " + allowed);
        }
        if (field.equals("headers") && ((Map<?, ?>) value).containsValue(null)) {
            throw step.wrong("urls", where + ": a header is null; leave it out or give it a value");
        }
        if (field.equals("file")) {
            if (!onAgent) {
                throw step.wrong("urls", where + ": file " + RunStep.NEEDS_NODE);
            }
            step.insideWorkspace("urls", value.toString());
        }
    }

    /** Whether bodies must be written to files, although {@code toDir} is not given. */
    private boolean wantsFiles() {
        Map<String, Object> process = step.getProcess();
        return process != null && process.get("command") != null && step.getToDir() == null;
    }

    /** Refuses files to send if they are outside the workspace, or if there is no workspace. */
    static void checkFiles(
            FetchParameters step, @CheckForNull BodySpec body, String parameter, String where, boolean onAgent)
            throws WrongArgumentException {
        for (String file : body == null ? List.<String>of() : body.files()) {
            if (!onAgent) {
                throw step.wrong(parameter, where + "a file " + RunStep.NEEDS_NODE);
            }
            step.insideWorkspace(parameter, file);
        }
    }
}
