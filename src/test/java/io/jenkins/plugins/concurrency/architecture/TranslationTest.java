package io.jenkins.plugins.concurrency.architecture;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.Test;

/** What people see is there in German too, all of it and nothing besides. */
public class TranslationTest {

    private static final Pattern IN_JELLY = Pattern.compile("\\$\\{%([^}]*)}");
    private static final Pattern IN_SCRIPTS = Pattern.compile("\\bt\\(\\s*\"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\d}");

    private static final Path SOURCES = sources();

    /** The embedded build runs in a folder of its own. */
    private static Path sources() {
        Path directory = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(directory.resolve("src/main/webapp"))) {
            directory = directory.getParent();
        }
        return directory.resolve("src/main");
    }

    private static List<Path> files(String folder, String pattern) throws IOException {
        try (Stream<Path> files = Files.walk(SOURCES.resolve(folder))) {
            List<Path> found = files.filter(file -> file.getFileName().toString().matches(pattern))
                    .sorted()
                    .collect(Collectors.toList());
            assertFalse(folder + "/" + pattern, found.isEmpty());
            return found;
        }
    }

    private static Properties load(Path file) throws IOException {
        Properties properties = new Properties();
        if (Files.exists(file)) {
            try (Reader in = Files.newBufferedReader(file)) {
                properties.load(in);
            }
        }
        return properties;
    }

    private static Path german(Path file) {
        return file.resolveSibling(file.getFileName().toString().replaceFirst("\\.\\w+$", "_de.properties"));
    }

    private static Set<String> found(Pattern pattern, String text) {
        Set<String> found = new TreeSet<>();
        for (Matcher matcher = pattern.matcher(text); matcher.find(); ) {
            found.add(matcher.groupCount() > 0 ? matcher.group(1) : matcher.group());
        }
        return found;
    }

    private static void assertSamePlaceholders(String where, String english, String german) {
        assertFalse(where + " is empty", german == null || german.isBlank());
        assertEquals(where, found(PLACEHOLDER, english), found(PLACEHOLDER, german));
    }

    @Test
    public void messagesAreTranslated() throws IOException {
        for (Path file : files("resources", "Messages\\.properties")) {
            Properties english = load(file);
            Properties german = load(german(file));
            assertEquals(file.toString(), new TreeSet<>(english.keySet()), new TreeSet<>(german.keySet()));
            english.stringPropertyNames()
                    .forEach(key -> assertSamePlaceholders(key, english.getProperty(key), german.getProperty(key)));
        }
    }

    @Test
    public void pagesAndFormsAreTranslated() throws IOException {
        for (Path file : files("resources", ".*\\.jelly")) {
            Set<String> keys = found(IN_JELLY, Files.readString(file));
            Properties german = load(german(file));
            assertEquals(file.toString(), keys, new TreeSet<>(german.keySet()));
        }
    }

    /** Jenkins' own check guesses the encoding of such files, and guesses wrong where letters beyond ASCII are rare. */
    @Test
    public void textsOfPropertiesAreAscii() throws IOException {
        for (Path file : files("resources", ".*\\.properties")) {
            String text = Files.readString(file);
            assertEquals(file.toString(), text, text.replaceAll("[^\\x00-\\x7f]", "?"));
        }
    }

    @Test
    public void helpIsTranslated() throws IOException {
        List<String> missing = new ArrayList<>();
        for (Path file : files("resources", "help[^_]*\\.html")) {
            Path german = file.resolveSibling(file.getFileName().toString().replace(".html", "_de.html"));
            if (!Files.exists(german)) {
                missing.add(german.toString());
            }
        }
        assertEquals(List.of(), missing);
        for (Path german : files("resources", "help.*_de\\.html")) {
            String text = Files.readString(german);
            assertTrue(german + " has no English", Files.exists(Path.of(german.toString().replace("_de.html", ".html"))));
            assertTrue(german.toString(), text.startsWith("<div>") && text.endsWith("</div>\n"));
        }
    }

    @Test
    public void scriptsAreTranslated() throws IOException {
        Set<String> keys = new TreeSet<>();
        for (Path file : files("webapp/js", ".*\\.js")) {
            keys.addAll(found(IN_SCRIPTS, Files.readString(file)));
        }
        Properties german = load(SOURCES.resolve(
                "resources/io/jenkins/plugins/concurrency/view/report/PageTexts_de.properties"));
        assertEquals(keys, new TreeSet<>(german.keySet()));
        keys.forEach(key -> assertSamePlaceholders(key, key, german.getProperty(key)));
    }
}
