package io.jenkins.plugins.concurrency.engine.run;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.fetch.FetchBranch;
import io.jenkins.plugins.concurrency.engine.json.Json;
import io.jenkins.plugins.concurrency.engine.json.JsonObject;
import io.jenkins.plugins.concurrency.engine.mask.SecretMask;
import io.jenkins.plugins.concurrency.engine.names.UniqueNames;
import io.jenkins.plugins.concurrency.engine.pool.CommandTemplate;
import io.jenkins.plugins.concurrency.engine.pool.PoolBranch;
import io.jenkins.plugins.concurrency.engine.run.file.BranchFile;
import java.io.BufferedReader;
import java.io.FileNotFoundException;
import java.io.FilterReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PushbackInputStream;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Lists that users give in files, at most one branch a line. Blank lines are skipped. A list is in UTF-8, or in the
 * kind of UTF-16 that its byte order mark names. Excel, Notepad and PowerShell write this mark. It is not part of the
 * first line. Lists are read as streams.
 */
public final class ListFile {

    /** In characters. A line may contain the whole body of a request. */
    static final int MAX_LINE = 8 * 1024 * 1024;

    private static final String INPUTS = "inputsFile";
    private static final String URLS = "urlsFile";

    private static final int LONGEST_MARK = 3;

    /** A longer name is a sign of a file that is not a list of inputs. */
    private static final int MAX_NAME = 200;

    /** Opens a list by the name that a run's work has for it. */
    @FunctionalInterface
    public interface Opener {
        InputStream open(String file) throws IOException;
    }

    @FunctionalInterface
    private interface Parser {
        @CheckForNull
        Map<String, Object> branch(String line, int index) throws IOException, UniqueNames.DuplicateNameException;
    }

    private ListFile() {}

    /**
     * Makes the branches of a run whose work names a list of them, unless they are there already.
     *
     * @param mask hides secrets in the names of branches
     * @throws IOException if the list is missing, can't be read or has an invalid line; in one line, which begins with the
     *     parameter
     */
    public static void convert(RunFiles files, WorkSpec work, SecretMask mask, Opener opener) throws IOException {
        String file = work.listFile();
        if (file == null || Files.exists(files.branches())) {
            return;
        }
        try (InputStream list = open(work instanceof WorkSpec.Pool ? INPUTS : URLS, file, opener)) {
            if (work instanceof WorkSpec.Pool pool) {
                convertInputs(list, file, pool.settings().template(), mask, files.branches());
            } else {
                convertUrls(list, mask, files.branches());
            }
        }
    }

    private static InputStream open(String parameter, String file, Opener opener) throws IOException {
        try {
            return opener.open(file);
        } catch (FileNotFoundException | NoSuchFileException e) {
            throw new IOException(parameter + ": there is no file " + file, e);
        } catch (IOException e) {
            throw new IOException(parameter + ": " + FailureText.of(e), e);
        }
    }

    /**
     * Makes the branches of a list of inputs. Each line is a text, used unchanged. If the file's name ends in
     * {@code .ndjson} or {@code .jsonl}, it is a JSON value.
     *
     * @param inputs the file's content
     * @param file its name
     * @param command for which the inputs are, or {@code null}
     * @throws IOException if it can't be read, or has a line that is invalid or does not go with the command; in one
     *     line, with the line's number
     */
    static void convertInputs(
            InputStream inputs, String file, @CheckForNull String command, SecretMask mask, Path branches)
            throws IOException {
        boolean json = WorkSpec.Pool.isJson(file);
        UniqueNames names = new UniqueNames();
        CommandTemplate.InputCheck check = command == null ? null : new CommandTemplate.InputCheck(command);
        convert(INPUTS, inputs, branches, (line, index) -> {
            Object input = json ? Json.parse(line) : line;
            if (check != null) {
                check.accept(input);
            }
            return ofInput(input, mask, names, index);
        });
    }

    private static Map<String, Object> ofInput(Object input, SecretMask mask, UniqueNames names, int index)
            throws UniqueNames.DuplicateNameException {
        String wanted = mask.text(PoolBranch.nameOf(input, index));
        String shown = wanted.length() > MAX_NAME ? wanted.substring(0, MAX_NAME) + "…" : wanted;
        Map<String, Object> branch = new LinkedHashMap<>();
        branch.put("name", names.name(null, shown, index));
        branch.put("input", input);
        return branch;
    }

    /**
     * Makes the branches of a list of requests: a URL or a JSON object a line; lines that begin with {@code #} are
     * skipped too.
     *
     * @throws IOException if a line is neither; in one line, with the line's number
     */
    static void convertUrls(InputStream urls, SecretMask mask, Path branches) throws IOException {
        UniqueNames names = new UniqueNames();
        convert(URLS, urls, branches, (line, index) -> {
            String text = line.strip();
            return text.startsWith("#") ? null : ofUrl(text, mask, names, index);
        });
    }

    private static Map<String, Object> ofUrl(String text, SecretMask mask, UniqueNames names, int index)
            throws IOException, UniqueNames.DuplicateNameException {
        Map<String, Object> branch = new LinkedHashMap<>();
        JsonObject given = text.startsWith("{") ? JsonObject.parse(text) : new JsonObject(Map.of("url", text));
        for (String field : given.fields().keySet()) {
            if (!FetchBranch.FIELDS.contains(field)) {
                throw new IOException("unknown key '" + field + "'; allowed are " + FetchBranch.FIELDS);
            }
        }
        FetchBranch.fromJson(index, given); // says here, with the line's number, what is of a wrong type
        String name = given.stringOrNull("name");
        branch.put("name", names.name(name == null ? null : mask.text(name), mask.text(given.string("url")), index));
        given.fields().forEach(branch::putIfAbsent);
        return branch;
    }

    private static void convert(String parameter, InputStream list, Path branches, Parser parser) throws IOException {
        int number = 0;
        try (BufferedReader in = new BufferedReader(new LimitedLines(reader(list)));
                BranchFile.Writer out = new BranchFile.Writer(branches)) {
            for (String line; (line = in.readLine()) != null; ) {
                number++;
                Map<String, Object> branch = line.isBlank() ? null : parser.branch(line, out.count());
                if (branch != null) {
                    out.add(branch);
                }
            }
            out.commit();
        } catch (CharacterCodingException e) {
            throw new IOException(parameter + place(": after line ", number) + ": it is not UTF-8", e);
        } catch (TooLongException e) {
            throw new IOException(parameter + place(": after line ", number) + ": " + e.getMessage(), e);
        } catch (IOException | IllegalArgumentException | UniqueNames.DuplicateNameException e) {
            throw new IOException(parameter + place(": line ", number) + ": " + e.getMessage(), e);
        }
    }

    /** Nothing if not even the first line could be read. */
    private static String place(String words, int number) {
        return number == 0 ? "" : words + number;
    }

    /** Throws {@link CharacterCodingException} for bytes that it can't decode. */
    private static Reader reader(InputStream list) throws IOException {
        PushbackInputStream in = new PushbackInputStream(list, LONGEST_MARK);
        byte[] start = in.readNBytes(LONGEST_MARK);
        String mark = new String(start, StandardCharsets.ISO_8859_1);
        Charset charset = mark.startsWith("\u00fe\u00ff")
                ? StandardCharsets.UTF_16BE
                : mark.startsWith("\u00ff\u00fe") ? StandardCharsets.UTF_16LE : StandardCharsets.UTF_8;
        boolean utf8Mark = mark.equals("\u00ef\u00bb\u00bf");
        int length = charset != StandardCharsets.UTF_8 ? 2 : utf8Mark ? LONGEST_MARK : 0;
        in.unread(start, length, start.length - length);
        return new InputStreamReader(in, charset.newDecoder());
    }

    private static final class TooLongException extends IOException {

        private static final long serialVersionUID = 1L;

        TooLongException() {
            super("a line is longer than " + MAX_LINE + " characters");
        }
    }

    /** Stops reading a line that is so long that it would need too much memory. */
    private static final class LimitedLines extends FilterReader {

        private int length;

        /** Lines have {@link #MAX_LINE} characters at most, plus at most what is read at once. */
        LimitedLines(Reader text) {
            super(text);
        }

        @Override
        public int read() throws IOException {
            char[] one = new char[1];
            return read(one, 0, 1) < 0 ? -1 : one[0];
        }

        @Override
        public int read(char[] into, int offset, int most) throws IOException {
            int count = super.read(into, offset, most);
            for (int i = offset + count - 1; i >= offset; i--) {
                if (into[i] == '\n') {
                    length = offset + count - 1 - i;
                    return count;
                }
            }
            length += Math.max(count, 0);
            if (length > MAX_LINE) {
                throw new TooLongException();
            }
            return count;
        }
    }
}
