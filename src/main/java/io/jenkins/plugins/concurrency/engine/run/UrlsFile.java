package io.jenkins.plugins.concurrency.engine.run;

import io.jenkins.plugins.concurrency.engine.fetch.FetchBranch;
import io.jenkins.plugins.concurrency.engine.json.JsonObject;
import io.jenkins.plugins.concurrency.engine.names.UniqueNames;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A user's list of requests: a URL or a JSON object a line; blank lines and lines that begin with {@code #} are
 * passed over. Read as a stream.
 */
final class UrlsFile {

    private UrlsFile() {}

    /**
     * Makes the branches of the file.
     *
     * @throws IOException if the file is missing or has a line that is neither; in one line, with the line's number
     */
    static void convert(Path urlsFile, Path branches) throws IOException {
        UniqueNames names = new UniqueNames();
        int number = 0;
        try (InputStream list = Files.newInputStream(urlsFile);
                BufferedReader in = new BufferedReader(new LimitedLines(ListText.reader(list)));
                BranchFile.Writer out = new BranchFile.Writer(branches)) {
            for (String line; (line = in.readLine()) != null; ) {
                number++;
                String text = line.strip();
                if (!text.isEmpty() && !text.startsWith("#")) {
                    out.add(branch(text, names, out.count()));
                }
            }
            out.commit();
        } catch (NoSuchFileException e) {
            throw new IOException("urlsFile: there is no file " + urlsFile, e);
        } catch (CharacterCodingException e) {
            throw new IOException("urlsFile: after line " + number + ": it is not UTF-8", e);
        } catch (LimitedLines.TooLongException e) {
            throw new IOException("urlsFile: after line " + number + ": " + e.getMessage(), e);
        } catch (IOException | UniqueNames.DuplicateNameException e) {
            throw new IOException("urlsFile: line " + number + ": " + e.getMessage(), e);
        }
    }

    private static Map<String, Object> branch(String text, UniqueNames names, int index)
            throws IOException, UniqueNames.DuplicateNameException {
        Map<String, Object> branch = new LinkedHashMap<>();
        JsonObject given = text.startsWith("{") ? JsonObject.parse(text) : new JsonObject(Map.of("url", text));
        for (String field : given.fields().keySet()) {
            if (!FetchBranch.FIELDS.contains(field)) {
                throw new IOException("unknown key '" + field + "'; allowed are " + FetchBranch.FIELDS);
            }
        }
        FetchBranch.fromJson(index, given); // says here, with the line's number, what is of a wrong type
        branch.put("name", names.name(given.stringOrNull("name"), given.string("url"), index));
        given.fields().forEach(branch::putIfAbsent);
        return branch;
    }
}
