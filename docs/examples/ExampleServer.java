import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

/**
 * The web server of the examples: {@code java ExampleServer.java FILE}. It listens on the loopback interface, on a port
 * that the system chooses, and writes "port pid" to FILE. It ends when that file is removed, and after ten minutes at
 * the latest. Everything it answers is computed from the path, so each run gets the same.
 *
 * <ul>
 *   <li>{@code /pages/1.html} to {@code 1000.html}: pages of text; some are slow, stall, are missing, break off or go in circles
 *   <li>{@code /files/file-01.bin} to {@code file-20.bin} and {@code /files/SHA256SUMS}: one of the sums is wrong, and
 *       one of the files is missing
 *   <li>{@code /services/NAME}: the state of a service as JSON; {@code mail} is down
 * </ul>
 */
public final class ExampleServer {

    private static final Duration LIFETIME = Duration.ofMinutes(10);

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path file = Path.of(arguments[0]).toAbsolutePath();
        ServerSocket server = new ServerSocket(0, 1000, InetAddress.getLoopbackAddress());
        startThread(() -> accept(server));

        String address = server.getLocalPort() + " " + ProcessHandle.current().pid();
        Path partial = Files.writeString(file.resolveSibling(file.getFileName() + ".partial"), address);
        Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);

        Instant end = Instant.now().plus(LIFETIME);
        while (isIn(file, address) && Instant.now().isBefore(end)) {
            Thread.sleep(200);
        }
        System.exit(0);
    }

    private static boolean isIn(Path file, String address) {
        try {
            return Files.readString(file).equals(address);
        } catch (IOException e) {
            return false;
        }
    }

    private static void startThread(Runnable work) {
        Thread thread = new Thread(work);
        thread.setDaemon(true);
        thread.start();
    }

    private static void accept(ServerSocket server) {
        while (true) {
            try {
                Socket socket = server.accept();
                startThread(() -> serve(socket));
            } catch (IOException e) {
                System.err.println("can't accept: " + e.getMessage());
            }
        }
    }

    /** Answers the requests of one connection. */
    private static void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            for (String path; (path = readRequest(in)) != null; ) {
                answer(path, new Response(socket));
            }
        } catch (IOException e) {
            // The client has had enough, or the page breaks off by design.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The path of the next request, or null if there is none. Requests have no bodies here. */
    private static String readRequest(InputStream in) throws IOException {
        String first = readLine(in);
        if (first == null || first.split(" ").length != 3) {
            return null;
        }
        for (String header; (header = readLine(in)) != null && !header.isEmpty(); ) {
            // Nothing of interest.
        }
        return first.split(" ")[1];
    }

    private static String readLine(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b; (b = in.read()) != '\n'; ) {
            if (b < 0) {
                return null;
            }
            if (b != '\r') {
                line.write(b);
            }
        }
        return line.toString(StandardCharsets.ISO_8859_1);
    }

    private static void answer(String path, Response response) throws IOException, InterruptedException {
        String name = path.substring(path.lastIndexOf('/') + 1);
        if (path.matches("/pages/\\d+\\.html")) {
            page(Integer.parseInt(name.replace(".html", "")), response);
        } else if (path.matches("/circle/\\d+\\.html")) {
            response.redirect("/pages/" + name);
        } else if (path.equals("/files/SHA256SUMS")) {
            response.ok("text/plain", bytes(sums()));
        } else if (path.matches("/files/file-\\d\\d\\.bin")) {
            file(Integer.parseInt(name.substring(5, 7)), response);
        } else if (path.startsWith("/services/")) {
            service(name, response);
        } else {
            response.missing();
        }
    }

    /** A page, after a moment as on a real network. */
    private static void page(int number, Response response) throws IOException, InterruptedException {
        if (number % 200 == 171) { // 5 of 1,000
            response.redirect("/circle/" + number + ".html");
            return;
        }
        Thread.sleep(10);
        if (number % 50 == 7) { // 20
            response.missing();
        } else if (number % 100 == 13) { // 10
            response.breakOff("text/html", text(number));
        } else {
            if (number % 200 == 77) { // 5
                response.stall("text/html", text(number));
                return;
            }
            if (number % 100 == 31) { // 10
                Thread.sleep(1_000);
            }
            response.ok("text/html", text(number));
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] text(int number) {
        String[] words = ("the of and to a in is it that for was on are with as they at be this from or had by but some "
                        + "what there we can out other were all your when up use how said each she which do their")
                .split(" ");
        Random random = new Random(number);
        StringBuilder text = new StringBuilder("<html><title>" + number + "</title><body><p>");
        for (int i = 0; i < 200; i++) {
            double few = random.nextDouble();
            text.append(words[(int) (words.length * few * few)]).append(i % 20 == 19 ? ".</p>\n<p>" : " ");
        }
        return bytes(text.append("</p></body></html>\n").toString());
    }

    /** A file of 1 MiB, at the pace of a slow line. */
    private static void file(int number, Response response) throws IOException, InterruptedException {
        if (number < 1 || number > 20 || number == 13) {
            response.missing();
        } else {
            response.slowly(content(number));
        }
    }

    private static byte[] content(int number) {
        byte[] content = new byte[1 << 20];
        new Random(number).nextBytes(content);
        return content;
    }

    private static String sums() {
        try {
            List<String> lines = new ArrayList<>();
            for (int number = 1; number <= 20; number++) {
                byte[] content = content(number);
                content[0] ^= number == 7 ? 1 : 0; // what is served differs from what was announced
                byte[] sum = MessageDigest.getInstance("SHA-256").digest(content);
                lines.add(HexFormat.of().formatHex(sum) + "  file-" + (number < 10 ? "0" : "") + number + ".bin");
            }
            return String.join("\n", lines) + "\n";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void service(String name, Response response) throws IOException, InterruptedException {
        Thread.sleep(300);
        if (name.equals("mail")) {
            response.send("503 Service Unavailable", "text/plain", bytes("down for maintenance\n"));
        } else {
            int waiting = name.length() * 3;
            String version = "1." + name.length();
            String json = "{\"service\": \"%s\", \"version\": \"%s\", \"waiting\": %d}".formatted(name, version, waiting);
            response.ok("application/json", bytes(json));
        }
    }

    /** The answer to one request. */
    private record Response(Socket socket) {

        void ok(String type, byte[] body) throws IOException {
            send("200 OK", type, body);
        }

        void missing() throws IOException {
            send("404 Not Found", "text/plain", bytes("not here\n"));
        }

        void redirect(String location) throws IOException {
            send("302 Found\r\nLocation: " + location, "text/plain", new byte[0]);
        }

        void send(String status, String type, byte[] body) throws IOException {
            ByteArrayOutputStream message = new ByteArrayOutputStream();
            message.write(head(status, type, body.length));
            message.write(body);
            message.writeTo(socket.getOutputStream());
        }

        /** Sends half of the body and resets the connection. */
        void breakOff(String type, byte[] body) throws IOException {
            OutputStream out = socket.getOutputStream();
            out.write(head("200 OK", type, body.length));
            out.write(body, 0, body.length / 2);
            socket.setSoLinger(true, 0);
            socket.close();
        }

        /** Sends half of the body, and the rest when everybody has lost patience. */
        void stall(String type, byte[] body) throws IOException, InterruptedException {
            OutputStream out = socket.getOutputStream();
            out.write(head("200 OK", type, body.length));
            out.write(body, 0, body.length / 2);
            Thread.sleep(60_000);
            out.write(body, body.length / 2, body.length - body.length / 2);
        }

        void slowly(byte[] body) throws IOException, InterruptedException {
            OutputStream out = socket.getOutputStream();
            out.write(head("200 OK", "application/octet-stream", body.length));
            int part = body.length / 8;
            for (int i = 0; i < 8; i++) {
                Thread.sleep(40);
                out.write(body, i * part, part);
            }
        }

        private static byte[] head(String status, String type, int length) {
            return ("HTTP/1.1 " + status + "\r\nContent-Type: " + type + "\r\nContent-Length: " + length + "\r\n\r\n")
                    .getBytes(StandardCharsets.ISO_8859_1);
        }
    }
}
