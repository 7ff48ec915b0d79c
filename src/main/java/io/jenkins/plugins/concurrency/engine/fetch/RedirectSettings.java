package io.jenkins.plugins.concurrency.engine.fetch;


/**
 * Whether redirects are followed.
 *
 * @param follow false to take a redirect as the response, to which {@code validStatus} applies
 * @param limit the most redirects of one attempt
 */
public record RedirectSettings(boolean follow, int limit) {

    /** Follows up to ten. */
    public static final RedirectSettings FOLLOW = new RedirectSettings(true, 10);

    /** Follows none. */
    public static final RedirectSettings NEVER = new RedirectSettings(false, 0);

    public RedirectSettings {
        if (limit < 0) {
            throw new IllegalArgumentException("maxRedirects " + limit + " is negative: give 0 or more");
        }
    }
}
