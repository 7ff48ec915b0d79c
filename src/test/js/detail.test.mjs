import assert from "node:assert/strict";
import { test } from "node:test";
import { all, load, settle } from "./modules.mjs";

const { detail } = load(["text", "dom", "detail"]);

const branch = (change) => ({ start: 0, millis: 1500, attempts: 1, lane: 2, facts: {}, files: {}, texts: {}, ...change });

/** The facts that are shown, by their labels. */
const facts = (change) =>
  Object.fromEntries(
    all(detail.render(branch(change), "worker"), "div")
      .filter(({ attributes }) => attributes.class === "cs-fact")
      .map(({ children: [label, value] }) => [label.textContent, value.textContent]),
  );

test("facts have the units that people read", () => {
  const shown = facts({ facts: { bytes: 1234567, cpuMillis: 61_000, maxRssKb: 2_097_152, exitCode: 3, unknown: "x" } });
  assert.equal(shown.Size, "1,234,567 bytes");
  assert.equal(shown["CPU time"], "1 min 1 s");
  assert.equal(shown["Peak memory"], "2,048 MB");
  assert.equal(shown["Exit code"], "3");
  assert.equal(shown.unknown, "x");
  assert.equal(shown.Worker, "2");
});

test("only addresses of the web are links, and what they open knows nothing of this page", () => {
  const links = (url) => all(detail.render(branch({ facts: { url } }), "connection"), "a");
  const [link] = links("HTTPS://example.org/a");
  assert.deepEqual(link.attributes, { href: "HTTPS://example.org/a", rel: "noopener noreferrer", target: "_blank" });
  assert.deepEqual(links("javascript:alert(1)"), []);
  assert.deepEqual(links("x https://example.org"), []);
});

test("each attempt of a branch is told, the last one with how the branch ended", () => {
  const tries = [{ at: 0, millis: 300, error: "exit", worker: 2 }, { at: 500, millis: 450 }];
  const [first, last] = all(detail.render(branch({ attempts: 2, outcome: "succeeded", tries }), "worker"), "li");
  assert.equal(first.textContent, " at 0 ms for 300 ms, worker 2: exit");
  assert.equal(last.textContent, " at 500 ms for 450 ms");
  const marks = [first, last].map(({ children: [mark] }) => mark.attributes.class);
  assert.deepEqual(marks, ["cs-mark cs-mark--retried", "cs-mark cs-mark--succeeded"]);
});

test("details come when they are there, or why they do not", async () => {
  const found = detail.later(Promise.resolve(branch({ texts: { "Standard error": "<b>bad</b>" } })), "worker");
  const missing = detail.later(Promise.reject(new Error("HTTP 404")), "worker");
  assert.equal(missing.textContent, "Loading …");
  await settle();
  assert.equal(all(found, "pre")[0].textContent, "<b>bad</b>");
  assert.equal(missing.textContent, "Not available: HTTP 404");
  assert.equal(missing.attributes["aria-busy"], undefined);
});

test("what a branch needs is told, which of it ended last, and what needs the branch", () => {
  const needs = [{ name: "api", outcome: "succeeded", end: 900 }, { name: "web", outcome: "succeeded", end: 2100 }];
  const neededBy = [{ name: "deploy", outcome: "skipped", end: 0 }];
  const shown = facts({ waitedFor: "docs", needs, needsMore: 1234, neededBy, neededByMore: 0 });
  assert.equal(shown["Waited for"], "docs");
  assert.equal(shown.Needs, " api, ended after 900 ms web, ended after 2.1 s… and 1,234 more");
  assert.equal(shown["Needed by"], " deploy");
  const skipped = facts({ waitedFor: null, needs, needsMore: 0, neededBy: [], neededByMore: 0 });
  assert.equal(skipped["Waited for"], undefined);
  assert.equal(skipped.Needs, " api, ended after 900 ms web, ended after 2.1 s");
  assert.equal(skipped["Needed by"], undefined);
  assert.equal(facts({ needs: [], needsMore: 0, neededBy: [], neededByMore: 3 })["Needed by"], "… and 3 more");
});
