package io.jenkins.plugins.concurrency.engine.fetch.proxy;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.fetch.destination.Idna;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * An HTTP proxy for requests. Its password is not part of it: see {@link Proxy}. Names beyond ASCII are converted to
 * their DNS form, as those of requests are.
 *
 * @param user the user name; {@code null} if the proxy asks for none
 * @param direct regular expressions of the hosts that are reached without the proxy
 */
public record ProxySettings(String host, int port, @CheckForNull String user, List<String> direct) {

    /** @throws IllegalArgumentException if a setting is invalid; the message is one line */
    public ProxySettings {
        if (host.isBlank() || port < 1 || port > 65_535) {
            throw new IllegalArgumentException("'" + host + ":" + port + "' is not the address of a proxy");
        }
        try {
            host = ascii(host);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("'" + host + "' is not the name of a proxy: " + e.getMessage(), e);
        }
        direct = direct.stream().map(ProxySettings::asciiPattern).toList();
        try {
            direct.forEach(Pattern::compile);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException("'" + e.getPattern() + "' is not a pattern of hosts without proxy", e);
        }
    }

    private static String ascii(String name) {
        return name.chars().allMatch(c -> c < 128) ? name : Idna.toAscii(name);
    }

    /** The same pattern for names in their DNS form. A part that is not just a name stays as it is. */
    private static String asciiPattern(String pattern) {
        return Stream.of(pattern.split("\\\\\\.", -1)).map(ProxySettings::asciiPart).collect(Collectors.joining("\\."));
    }

    private static String asciiPart(String part) {
        try {
            return ascii(part);
        } catch (IllegalArgumentException e) {
            return part;
        }
    }
}
