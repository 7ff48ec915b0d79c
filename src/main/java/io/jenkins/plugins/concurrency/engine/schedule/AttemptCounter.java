package io.jenkins.plugins.concurrency.engine.schedule;

/**
 * Counts the attempts of each branch. The counts survive the death of the process that makes the attempts. The
 * scheduler calls it, for each branch with one thread at a time.
 */
public interface AttemptCounter {

    /** Counts nothing. */
    AttemptCounter NONE = new AttemptCounter() {
        @Override
        public int attempts(int index) {
            return 0;
        }

        @Override
        public void begun(int index, int number) {
            // nobody will ask
        }
    };

    /** How many attempts of a branch were begun. */
    int attempts(int index);

    /**
     * Called before an attempt begins.
     *
     * @param number its number, from 1
     */
    void begun(int index, int number);
}
