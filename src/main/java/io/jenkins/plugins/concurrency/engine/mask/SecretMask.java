package io.jenkins.plugins.concurrency.engine.mask;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Replaces secrets in what a run prints or stores. One pattern finds all of them in all their forms, the longest first.
 * Without secrets every method returns its argument. Immutable.
 */
public final class SecretMask {

    /** A mask without secrets. */
    public static final SecretMask NONE = new SecretMask(Set.of());

    /** The text that replaces a secret. */
    public static final String MASK = "****";

    private static final char CUT = '…';

    private final Set<String> secrets;

    /** The longest first. */
    private final List<String> forms;

    private final Map<Character, List<String>> byFirst;
    private final Map<Character, List<String>> byLast;

    /** {@code null} if there is nothing to hide. */
    @CheckForNull
    private final Pattern pattern;

    private SecretMask(Set<String> secrets) {
        this.secrets = secrets;
        this.forms = secrets.stream()
                .flatMap(secret -> SecretForms.of(secret).stream())
                .distinct()
                .sorted(Comparator.comparingInt(String::length).reversed())
                .toList();
        this.byFirst = forms.stream().collect(Collectors.groupingBy(form -> form.charAt(0)));
        this.byLast = forms.stream().collect(Collectors.groupingBy(form -> form.charAt(form.length() - 1)));
        this.pattern = forms.isEmpty() ? null : compile(forms);
    }

    /**
     * The pattern begins with the set of all first characters. So most positions of a text need only one comparison.
     */
    private static Pattern compile(List<String> forms) {
        String first = forms.stream()
                .map(form -> form.codePointAt(0))
                .distinct()
                .map(codePoint -> Pattern.quote(Character.toString(codePoint)))
                .collect(Collectors.joining());
        String any = forms.stream().map(Pattern::quote).collect(Collectors.joining("|"));
        return Pattern.compile("(?=[" + first + "])(?:" + any + ")");
    }

    /** A mask for these texts. Texts of less than three characters are not hidden, as in Jenkins' own log. */
    public static SecretMask of(Collection<String> secrets) {
        return secrets.isEmpty() ? NONE : new SecretMask(new HashSet<>(secrets));
    }

    /**
     * A mask for the values of variables.
     *
     * @param names the variables
     * @param values returns the value of a variable; {@code null} if it is not set
     */
    public static SecretMask of(Collection<String> names, Function<String, String> values) {
        return of(names.stream().map(values).filter(Objects::nonNull).collect(Collectors.toSet()));
    }

    /**
     * The text without secrets. If it ends with an ellipsis, because it was cut, the beginning of a secret there is
     * removed too.
     */
    public String text(String text) {
        if (pattern == null) {
            return text;
        }
        String masked = pattern.matcher(text).replaceAll(MASK);
        return masked.indexOf(CUT) < 0 ? masked : aroundCuts(masked);
    }

    /**
     * The end of a text without secrets. The end of a secret at its beginning, where the text was cut, is removed too.
     */
    public String tail(String tail) {
        return pattern == null ? tail : text(withoutRestAtBegin(tail));
    }

    /** All forms of all secrets, the longest first. */
    List<String> forms() {
        return forms;
    }

    /** A JSON value without secrets in its texts, keys and numbers. */
    @CheckForNull
    public Object value(@CheckForNull Object value) {
        if (pattern == null) {
            return value;
        }
        if (value instanceof String text) {
            return text(text);
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> masked = new LinkedHashMap<>();
            map.forEach((key, item) -> masked.put(text(String.valueOf(key)), value(item)));
            return masked;
        }
        if (value instanceof Iterable<?> items) {
            List<Object> masked = new ArrayList<>();
            items.forEach(item -> masked.add(value(item)));
            return masked;
        }
        boolean isSecret = value instanceof Number && secrets.contains(value.toString());
        return isSecret && value.toString().length() >= SecretForms.MIN_LENGTH ? MASK : value;
    }

    /** Details without secrets in their values. The names stay. */
    public Map<String, Object> details(Map<String, Object> details) {
        if (pattern == null) {
            return details;
        }
        Map<String, Object> masked = new LinkedHashMap<>();
        details.forEach((name, value) -> masked.put(name, value(value)));
        return masked;
    }

    private String aroundCuts(String text) {
        StringBuilder masked = new StringBuilder();
        int begin = 0;
        for (int cut; (cut = text.indexOf(CUT, begin)) >= 0; begin = cut + 1) {
            String part = text.substring(begin, cut);
            String stripped = part.stripTrailing();
            masked.append(begin == 0 ? withoutRestAtEnd(stripped) : withoutRestAtEnd(withoutRestAtBegin(stripped)))
                    .append(part, stripped.length(), part.length())
                    .append(CUT);
        }
        return masked.append(withoutRestAtBegin(text.substring(begin))).toString();
    }

    /** Tries the longest possible beginning of a secret first. */
    private String withoutRestAtEnd(String text) {
        int length = text.length();
        for (int begin = Math.max(0, length - longest() + 1); begin <= length - SecretForms.MIN_LENGTH; begin++) {
            for (String form : byFirst.getOrDefault(text.charAt(begin), List.of())) {
                if (length - begin < form.length() && text.regionMatches(begin, form, 0, length - begin)) {
                    return text.substring(0, begin) + MASK;
                }
            }
        }
        return text;
    }

    private String withoutRestAtBegin(String text) {
        for (int end = Math.min(text.length(), longest() - 1); end >= SecretForms.MIN_LENGTH; end--) {
            for (String form : byLast.getOrDefault(text.charAt(end - 1), List.of())) {
                if (end < form.length() && text.regionMatches(0, form, form.length() - end, end)) {
                    return MASK + text.substring(end);
                }
            }
        }
        return text;
    }

    private int longest() {
        return forms.get(0).length();
    }
}
