package hudson.util;

/** How much two texts differ. */
public class EditDistance {

    private EditDistance() {}

    /** The fewest single characters to insert, remove or replace that make one of the other. */
    public static int editDistance(String a, String b) {
        int[] before = new int[b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            int[] now = new int[b.length() + 1];
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    now[j] = i + j;
                } else {
                    int replaced = before[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                    now[j] = Math.min(replaced, 1 + Math.min(before[j], now[j - 1]));
                }
            }
            before = now;
        }
        return before[b.length()];
    }
}
