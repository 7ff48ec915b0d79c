package io.jenkins.plugins.concurrency.engine.schedule;

/**
 * Counts the attempts of each branch, so that the count survives the death of the process that makes them. Called by
 * the scheduler, for a branch by one thread at a time.
 */
public interface AttemptCounter {

    /** Remembers nothing. */
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
     * An attempt is about to begin.
     *
     * @param number its number, from 1
     */
    void begun(int index, int number);
}
