package io.jenkins.plugins.concurrency.engine.pool;

import io.jenkins.plugins.concurrency.engine.json.Json;
import io.jenkins.plugins.concurrency.engine.json.JsonObject;
import io.jenkins.plugins.concurrency.fixture.Signals;
import java.io.BufferedReader;
import java.io.File;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A persistent worker that does what its input's first word says, mostly wrong. */
public final class OddWorker {

    private final PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);

    /** How to start one. */
    static String command() {
        return "exec '" + Path.of(System.getProperty("java.home"), "bin", "java") + "' -Xshare:auto -XX:TieredStopAtLevel=1"
                + " -XX:+UseSerialGC -Xmx64m -cp '" + System.getProperty("java.class.path").replace("'", "") + "' "
                + OddWorker.class.getName();
    }

    public static void main(String[] args) throws Exception {
        new OddWorker().run();
    }

    private void run() throws Exception {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        boolean answerAtEnd = false;
        JsonObject last = null;
        for (String line; (line = in.readLine()) != null; ) {
            JsonObject request = JsonObject.parse(line);
            last = request;
            List<?> arguments = request.list("arguments");
            String input = arguments.isEmpty() ? Files.readString(Path.of(file(request))) : arguments.get(0).toString();
            String what = input.startsWith("{") ? "arguments" : input.split(" ")[0];
            if (what.equals("at-its-end")) {
                answerAtEnd = true;
            } else if (!what.equals("never")) {
                odd(request, what, input, arguments.isEmpty());
            }
        }
        if (answerAtEnd) {
            send(answer(last, "late"));
        }
    }

    private static String file(JsonObject request) throws Exception {
        return ((Map<?, ?>) request.list("inputs").get(0)).get("path").toString();
    }

    private void odd(JsonObject request, String what, String input, boolean fromFile) throws Exception {
        switch (what) {
            case "arguments" -> send(answer(request, request.list("arguments")));
            case "output" -> send(without("value", answer(request, null)));
            case "pid" -> send(answer(request, ProcessHandle.current().pid()));
            case "exit" -> send(with("exitCode", 3, with("output", "bad input", answer(request, null))));
            case "no-exit-code" -> send(with("exitCode", 1L << 32, answer(request, null)));
            case "crash" -> die("last words", 9);
            case "killed" -> kill();
            case "child-and-crash" -> {
                new ProcessBuilder("sleep", "1000").inheritIO().start();
                die("leaving a child", 4);
            }
            case "rubbish" -> print("Traceback \"x\"\n");
            case "array" -> print("[1]\n");
            case "binary" -> print("\0\u0001\u0002\n");
            case "endless" -> print("{\"output\":\"" + "x".repeat(1 << 20));
            case "no-line-break" -> print(Json.write(answer(request, "unbroken")));
            case "pretty" -> print("\r\n\n {\n  \"requestId\" : \"" + request.integer("requestId")
                    + "\",\n\t\"exitCode\": \"0\", \"value\" : { \"brace\": \"}\\\"{\" }\n}\n\n\n");
            case "bytewise" -> {
                for (byte b : (Json.write(answer(request, "ü{\"\\")) + "\n").getBytes(StandardCharsets.UTF_8)) {
                    out.write(b);
                    out.flush();
                }
            }
            case "open-text" -> print("{\"output\": \"no end\n");
            case "twice" -> print(Json.write(answer(request, "first")) + "\n" + Json.write(answer(request, "second")) + "\n");
            case "rubbish-after" -> print(Json.write(answer(request, "last")) + "\nand now\n");
            case "future" -> send(with("requestId", request.integer("requestId") + 1000, answer(request, 1)));
            case "previous" -> {
                send(with("requestId", request.integer("requestId") - 1, answer(request, "of another")));
                send(answer(request, "its own"));
            }
            case "negative" -> send(with("requestId", -1, answer(request, 1)));
            case "texted" -> send(with("requestId", "one", answer(request, 1)));
            case "size" -> send(answer(request, Arrays.asList(input.length(), fromFile ? "a file" : "a line")));
            case "large-value" -> {
                Files.writeString(Path.of(System.getenv("CONCURRENCY_STEPS_FILES"), "my-value"), Json.write("v".repeat(100_000)));
                send(with("valueFile", "my-value", answer(request, null)));
            }
            case "path-of-value" -> {
                Path file = Path.of(System.getenv("CONCURRENCY_STEPS_FILES"), "my-value");
                send(with("valueFile", Files.writeString(file, "[1]").toString(), answer(request, null)));
            }
            case "escape-by-path" -> {
                Path folder = Path.of(System.getenv("CONCURRENCY_STEPS_FILES"));
                send(with("valueFile", folder + File.separator + ".." + File.separator + "passwd", answer(request, null)));
            }
            case "escape" -> send(with("valueFile", ".." + File.separator + ".." + File.separator + "passwd", answer(request, null)));
            case "no-file" -> send(with("valueFile", "missing", answer(request, null)));
            case "secret-rubbish" -> print("x".repeat(70) + secret() + "\n");
            case "secret-output" -> send(with("exitCode", 1, with("output", secret(), answer(request, null))));
            case "secret-crash" -> die(secret(), 1);
            default -> throw new IllegalArgumentException(what);
        }
    }

    private static String secret() {
        return String.join("-", "tOpS3cret", "1234567890");
    }

    private static Map<String, Object> answer(JsonObject request, Object value) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("requestId", request.fields().get("requestId"));
        answer.put("exitCode", 0);
        answer.put("output", "said");
        answer.put("value", value);
        return answer;
    }

    private static Map<String, Object> with(String field, Object value, Map<String, Object> answer) {
        answer.put(field, value);
        return answer;
    }

    private static Map<String, Object> without(String field, Map<String, Object> answer) {
        answer.remove(field);
        return answer;
    }

    private void send(Map<String, Object> answer) {
        print(Json.write(answer) + "\n");
    }

    private void print(String text) {
        out.print(text);
        out.flush();
    }

    private static void die(String lastWords, int exitCode) {
        System.err.println(lastWords);
        System.err.flush();
        Runtime.getRuntime().halt(exitCode);
    }

    private static void kill() throws Exception {
        Signals.send("KILL", ProcessHandle.current().pid());
        Thread.sleep(600_000);
    }
}
