package io.jenkins.plugins.concurrency.engine.run;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PushbackInputStream;
import java.io.Reader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/**
 * The text of lists that users give: UTF-8, or the kind of UTF-16 that a byte order mark tells. The mark, which Excel,
 * Notepad and PowerShell write in front, is no part of the first line.
 */
final class ListText {

    private static final int LONGEST_MARK = 3;

    private ListText() {}

    /** Refuses, as {@link java.nio.charset.CharacterCodingException}, what it can't decode. */
    static Reader reader(InputStream list) throws IOException {
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
}
