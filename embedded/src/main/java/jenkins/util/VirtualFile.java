package jenkins.util;

import java.io.File;
import java.io.IOException;
import java.io.Serializable;

/** A file to read, wherever it may be; here on this machine. */
public abstract class VirtualFile implements Comparable<VirtualFile>, Serializable {

    private static final long serialVersionUID = 1L;

    public abstract boolean isFile() throws IOException;

    public abstract VirtualFile child(String name);

    public static VirtualFile forFile(File f) {
        return new Local(f);
    }

    private static final class Local extends VirtualFile {
        private static final long serialVersionUID = 1L;
        private final File file;

        Local(File file) {
            this.file = file;
        }

        @Override
        public boolean isFile() {
            return file.isFile();
        }

        @Override
        public VirtualFile child(String name) {
            return new Local(new File(file, name));
        }

        @Override
        public int compareTo(VirtualFile other) {
            return file.compareTo(((Local) other).file);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Local && file.equals(((Local) other).file);
        }

        @Override
        public int hashCode() {
            return file.hashCode();
        }
    }
}
