package io.jenkins.plugins.concurrency.engine.run;

import io.jenkins.plugins.concurrency.engine.json.Json;
import io.jenkins.plugins.concurrency.engine.names.UniqueNames;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * A user's list of inputs: a text a line, as it stands there, or a JSON value a line where the file's name ends in
 * {@code .ndjson} or {@code .jsonl}. Blank lines are passed over. Read as a stream.
 */
final class InputsFile {

    /** Longer ones are no inputs but a file of another kind. */
    private static final int MAX_NAME = 200;

    private InputsFile() {}

    /**
     * Makes the branches of the file.
     *
     * @param inputs the file's content; stays open
     * @param file its name
     * @throws IOException if it can't be read or has a line that is none; in one line, with the line's number
     */
    static void convert(InputStream inputs, String file, Path branches) throws IOException {
        String name = file.toLowerCase(Locale.ROOT);
        boolean json = name.endsWith(".ndjson") || name.endsWith(".jsonl");
        UniqueNames names = new UniqueNames();
        int number = 0;
        try (BufferedReader in = new BufferedReader(new LimitedLines(ListText.reader(inputs)));
                BranchFile.Writer out = new BranchFile.Writer(branches)) {
            for (String line; (line = in.readLine()) != null; ) {
                number++;
                if (!line.isBlank()) {
                    Object input = json ? Json.parse(line) : line;
                    out.add(branch(input, names, out.count()));
                }
            }
            out.commit();
        } catch (CharacterCodingException e) {
            throw new IOException("inputsFile: not UTF-8 after line " + number, e);
        } catch (LimitedLines.TooLongException e) {
            throw new IOException("inputsFile: after line " + number + ": " + e.getMessage(), e);
        } catch (IOException | UniqueNames.DuplicateNameException e) {
            throw new IOException("inputsFile: line " + number + ": " + e.getMessage(), e);
        }
    }

    private static Map<String, Object> branch(Object input, UniqueNames names, int index)
            throws UniqueNames.DuplicateNameException {
        boolean simple = input instanceof String || input instanceof Number || input instanceof Boolean;
        String wanted = simple ? input.toString() : "input " + (index + 1);
        String shown = wanted.length() > MAX_NAME ? wanted.substring(0, MAX_NAME) + "…" : wanted;
        Map<String, Object> branch = new LinkedHashMap<>();
        branch.put("name", names.name(null, shown, index));
        branch.put("input", input);
        return branch;
    }
}
