package io.jenkins.plugins.concurrency.view.report;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Translations of the texts in the page's scripts. The scripts contain the English texts, which are also the keys, as
 * with Jelly. A language is a file {@code PageTexts_<language>.properties}.
 */
public final class PageTexts {

    /** Made once for each language that has a file. */
    private static final Map<String, String> JSON = new ConcurrentHashMap<>();

    private static final String ENGLISH = "en";

    private PageTexts() {}

    /** The language that a reader gets: the reader's own if there are texts in it, otherwise English. */
    public static String language(@CheckForNull Locale locale) {
        return locale != null && PageTexts.class.getResource(file(locale.getLanguage())) != null
                ? locale.getLanguage()
                : ENGLISH;
    }

    /** The texts as the attribute {@code data-texts}; the empty key has the language. */
    public static String json(@CheckForNull Locale locale) {
        return JSON.computeIfAbsent(language(locale), PageTexts::read);
    }

    private static String file(String language) {
        return "PageTexts_" + language + ".properties";
    }

    private static String read(String language) {
        Map<String, Object> texts = new TreeMap<>();
        texts.put("", language);
        try (InputStream in = PageTexts.class.getResourceAsStream(file(language))) {
            if (in != null) {
                Properties properties = new Properties();
                properties.load(new StringReader(new String(in.readAllBytes(), StandardCharsets.UTF_8)));
                properties.stringPropertyNames().forEach(key -> texts.put(key, properties.getProperty(key)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Json.write(texts);
    }
}
