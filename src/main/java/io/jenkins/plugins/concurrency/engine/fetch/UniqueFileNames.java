package io.jenkins.plugins.concurrency.engine.fetch;

import io.jenkins.plugins.concurrency.engine.fetch.file.FileName;
import io.jenkins.plugins.concurrency.engine.fetch.file.RelativePath;
import io.jenkins.plugins.concurrency.engine.fetch.http.FetchUrl;
import io.jenkins.plugins.concurrency.engine.fetch.http.MessageText;
import io.jenkins.plugins.concurrency.engine.json.JsonObject;
import io.jenkins.plugins.concurrency.engine.names.NameSet;
import java.io.IOException;
import java.text.Normalizer;
import java.util.Locale;

/**
 * Gives each branch of a run its own file.
 *
 * <p>With {@code toDir}, a branch that names no file gets one named after its URL. If an earlier branch of the list has
 * that name (ignoring case), the branch's index is put before the extension: {@code page-17.html}. A branch that names
 * the file of an earlier one is invalid.
 *
 * <p>A name depends only on the branches before it in the list. So a run that is started again must show <em>every</em>
 * branch to a new instance in the list's order, also branches that it then skips. Takes some 16 to 32 bytes for each
 * branch. Used by one thread.
 */
public final class UniqueFileNames {

    private final String toDir;
    private final NameSet taken = new NameSet();

    public UniqueFileNames(FetchSettings settings) {
        this.toDir = settings.storage().toDir();
    }

    /**
     * Reads the JSON form of a branch and gives the branch its file.
     *
     * @throws IOException if it has no URL, or a field has the wrong type
     */
    public FetchBranch read(int index, JsonObject json) throws IOException {
        return named(FetchBranch.fromJson(index, json));
    }

    /**
     * The branch with its file, relative to the base directory. A branch whose body is returned as text stays
     * unchanged.
     */
    public FetchBranch named(FetchBranch branch) {
        if (branch.problem() != null || branch.file() == null && toDir == null) {
            return branch;
        }
        try {
            return branch.file() != null ? withOwnFile(branch) : withNameOfUrl(branch);
        } catch (IllegalArgumentException e) {
            return branch.withProblem(e.getMessage());
        }
    }

    private FetchBranch withOwnFile(FetchBranch branch) {
        String file = RelativePath.normalized("file", branch.file());
        if (file.isEmpty()) {
            throw new IllegalArgumentException("file '" + branch.file() + "' names a directory");
        }
        String path = inDirectory(file);
        if (!reserve(path)) {
            throw new IllegalArgumentException("file '" + MessageText.line(path) + "' belongs to an earlier branch");
        }
        return branch.withFile(path);
    }

    private FetchBranch withNameOfUrl(FetchBranch branch) {
        FileName plain = FileName.of(FetchUrl.parse(branch.url()));
        String path = inDirectory(plain.toString());
        for (int i = 1; !reserve(path); i++) {
            path = inDirectory(plain.withSuffix("-" + branch.index() + (i == 1 ? "" : "-" + i)).toString());
        }
        return branch.withFile(path);
    }

    private String inDirectory(String file) {
        return toDir == null || toDir.isEmpty() ? file : toDir + "/" + file;
    }

    private boolean reserve(String path) {
        String key = Normalizer.normalize(path, Normalizer.Form.NFC).toLowerCase(Locale.ROOT);
        return taken.add(key);
    }
}
