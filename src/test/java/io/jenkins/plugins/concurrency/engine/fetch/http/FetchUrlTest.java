package io.jenkins.plugins.concurrency.engine.fetch.http;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.util.List;
import org.junit.Test;

public class FetchUrlTest {

    @Test
    public void pathsThatLeadUp() {
        assertEquals("/other?x=/../y", FetchUrl.parse("http://a/api/../other?x=/../y").target());
        assertEquals("/other", FetchUrl.parse("http://a/api/%2e%2E/other").target());
        FetchUrl plain = FetchUrl.parse("http://a/api/%2a.b/..c/");
        assertEquals("/api/%2a.b/..c/", plain.path());
        assertEquals(plain.path(), plain.lenientPath());
        for (String path : List.of("/api/..;/other", "/api/..%2fother", "/api/x%5c..%5C..%5cother", "/api/%252e%252e/other",
                "/api;a/..;b/other;c")) {
            assertEquals(path, "/other", FetchUrl.parse("http://a" + path).lenientPath());
        }
    }

    @Test
    public void asPeopleWriteThem() {
        String[][] table = {
            {"http://example.org", "http://example.org/"},
            {" HTTPS://Example.ORG:443/A?b#c ", "https://example.org/A?b"},
            {"http://example.org:8080?x=1", "http://example.org:8080/?x=1"},
            {"http://example.org/a b|c", "http://example.org/a%20b%7Cc"},
            {"http://example.org/ä?ö=ü", "http://example.org/%C3%A4?%C3%B6=%C3%BC"},
            {"http://example.org/100%", "http://example.org/100%25"},
            {"http://example.org/a%20b?[x]={y}", "http://example.org/a%20b?%5Bx%5D=%7By%7D"},
            {"http://example.org//a//b", "http://example.org//a//b"},
            {"http://my_host/", "http://my_host/"},
            {"http://bücher.example/", "http://xn--bcher-kva.example/"},
            {"http://FAẞ.example/", "http://xn--fa-hia.example/"},
            {"http://fa%C3%9F.%65xample/", "http://xn--fa-hia.example/"},
            {"http://💩.test:81/", "http://xn--ls8h.test:81/"},
            {"http://１２７。1/", "http://127.0.0.1/"},
            {"http://[::1]:81/x", "http://[::1]:81/x"},
            {"http://[2001:DB8::0:1]/", "http://[2001:db8::1]/"},
            {"http://[fe80::1%25eth0]/", "http://[fe80::1]/"},
            {"http://[::ffff:10.0.0.1]/", "http://10.0.0.1/"},
            {"http://127.1/", "http://127.0.0.1/"},
            {"http://2130706433/", "http://127.0.0.1/"},
            {"http://0x7f.1./", "http://127.0.0.1/"},
            {"http://0177.0.0.1:8080/", "http://127.0.0.1:8080/"},
            {"http://0xA9.0376.43518/", "http://169.254.169.254/"},
            {"http://1.2.3.example/", "http://1.2.3.example/"},
        };
        for (String[] row : table) {
            assertEquals(row[1], FetchUrl.parse(row[0]).toString());
        }
        assertEquals("::1", FetchUrl.parse("http://[::1]/").origin().host());
    }

    @Test
    public void whatIsNone() {
        String[] table = {
            "", "example.org", "/path", "http:", "http:/x", "http://", "http:///x", "http://:80/", "ftp://a/",
            "http://a:b/", "http://a:0/", "http://a:65536/", "http://u@a/", "http://a b/", "http://a%20b/",
            "http://1.2.3.4.5/", "http://256.1.1.1/", "http://1.2.3.09/", "http://0x1ffffffff/", "http://[::1::]/",
            "http://[1.2.3.4]/", "http://a.0x/x", "http://1..2/", "http://ü%/", "http://a%/", "http://a%2Fb/", "http://a%FF/", "http://a+b/", "http://a\u200cb/", "http://℀.example/", "http://[localhost]/",
            "http://a/\nb", "http://a/\u0000", "mailto:a@b", "http://a/" + "x".repeat(70_000)
        };
        for (String text : table) {
            IllegalArgumentException refused =
                    assertThrows(text, IllegalArgumentException.class, () -> FetchUrl.parse(text));
            assertTrue(refused.getMessage(), refused.getMessage().length() < 400);
        }
    }

    @Test
    public void passwordsAreInNoMessage() {
        for (String text : new String[] {"http://me:s3cret@a b/", "me:s3cret@host", "http:me:s3cret@h/", "http://a/\nme:s3cret@h"}) {
            IllegalArgumentException refused =
                    assertThrows(text, IllegalArgumentException.class, () -> FetchUrl.parse(text));
            assertTrue(refused.getMessage(), !refused.getMessage().contains("s3cret"));
        }
    }

    @Test
    public void references() {
        FetchUrl from = FetchUrl.parse("http://h/a/b/c?d");
        String[][] table = {
            {"x", "http://h/a/b/x"}, {"/x", "http://h/x"}, {"?x", "http://h/a/b/c?x"}, {"", "http://h/a/b/c?d"},
            {"#x", "http://h/a/b/c?d"}, {"../x", "http://h/a/x"}, {"../../../x", "http://h/x"}, {"./", "http://h/a/b/"},
            {"..", "http://h/a/"}, {"//g/x", "http://g/x"}, {"//faß/x", "http://xn--fa-hia/x"}, {"https://g", "https://g/"},
            {"x?y=../z", "http://h/a/b/x?y=../z"},
            {"/.hidden", "http://h/.hidden"}, {"x y", "http://h/a/b/x%20y"}
        };
        for (String[] row : table) {
            assertEquals(row[0], row[1], from.resolve(row[0]).toString());
        }
    }
}
