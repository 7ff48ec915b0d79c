package io.jenkins.plugins.concurrency.view.data;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Caches answers. If many pages ask the same question about the same version, the answer is made once. Thread-safe. */
final class AnswerCache {

    private static final int MAX_ANSWERS = 24;
    private static final int MAX_BYTES = 512 * 1024;

    @FunctionalInterface
    interface Maker {
        byte[] make() throws IOException;
    }

    // Guarded by this.
    private String version = "";
    private final Map<String, JsonAnswer> answers = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, JsonAnswer> eldest) {
            return size() > MAX_ANSWERS;
        }
    };

    /** The answer to a question. If there is none of this version, it is made now and other requests wait. */
    synchronized JsonAnswer get(String asked, String question, Maker maker) throws IOException {
        if (!asked.equals(version)) {
            answers.clear();
            version = asked;
        }
        JsonAnswer known = answers.get(question);
        if (known != null) {
            return known;
        }
        JsonAnswer made = new JsonAnswer(maker.make());
        if (made.plain().length <= MAX_BYTES) {
            answers.put(question, made);
        }
        return made;
    }
}
