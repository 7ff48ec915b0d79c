package hudson.model;

import hudson.FilePath;
import hudson.Launcher;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import jenkins.model.ArtifactManager;
import jenkins.util.VirtualFile;

/** Artifacts in a folder of this machine. */
final class ArtifactFolder extends ArtifactManager {

    private final File folder;

    ArtifactFolder(File folder) {
        this.folder = folder;
    }

    @Override
    public void archive(FilePath workspace, Launcher launcher, BuildListener listener, Map<String, String> artifacts)
            throws IOException, InterruptedException {
        for (Map.Entry<String, String> artifact : artifacts.entrySet()) {
            Path copy = folder.toPath().resolve(artifact.getKey());
            Files.createDirectories(copy.getParent());
            try (InputStream in = workspace.child(artifact.getValue()).read()) {
                Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    @Override
    public VirtualFile root() {
        return VirtualFile.forFile(folder);
    }
}
