import assert from "node:assert/strict";
import { test } from "node:test";
import { load, settle } from "./modules.mjs";

const { timelineWords: words } = load(["text", "dom", "columns", "timeline/words"]);
const failed = [2, 500, 1250, 1, 6];
const several = [0, 0, 90, 1, 3, 12, 2, 0, 0];

test("a bar is told with its branch, how it ended, and where and how long it worked", () => {
  assert.equal(words.sentence(failed, "worker", { name: "a.png", error: "exit" }), "a.png, failed (exit), worker 3, 1.3 s");
  assert.equal(words.sentence([0, 0, 5, 0, 0], "connection", { name: "b", error: null }), "b, succeeded, connection 1, 5 ms");
  assert.equal(words.sentence([0, 0, 5, 3, 0], "slot", { name: "c", error: null }), "c, attempt failed, slot 1, 5 ms");
});

test("several bars in one are told by how many they are", () => {
  assert.equal(words.sentence(several, "worker"), "12 branches, 2 failed, worker 1, 90 ms");
  assert.equal(words.sentence([0, 0, 90, 0, 3, 12, 0, 0, 0], "worker"), "12 branches, worker 1, 90 ms");
});

test("the timeline has a title with all that there is", () => {
  assert.equal(words.title({ name: "thumbnails", lanes: "worker" }, { lanes: 4, duration: 61_000 }), "Timeline of thumbnails: 4 workers, 1 min 1 s");
});

test("a tip says at once what the bar says, and the rest when it has come", async () => {
  let answer;
  const asked = [];
  const load = (index) => {
    asked.push(index);
    return new Promise((done) => (answer = done));
  };
  const tip = words.tip(failed, 10_000, load);
  assert.equal(tip.textContent, "Branch 7Failed · 1.3 s · at 0.5 s");
  answer({ name: "a.png", attempts: 3, error: "exit", message: "x".repeat(400) });
  await settle();
  assert.equal(tip.textContent, "a.pngFailed · 1.3 s · at 0.5 s3 attempts. exit: " + "x".repeat(300));
  assert.deepEqual(asked, [6]);
});

test("a tip stands without what could not be had", async () => {
  const tip = words.tip(failed, 10_000, () => Promise.reject(new Error("HTTP 404")));
  await settle();
  assert.equal(tip.textContent, "Branch 7Failed · 1.3 s · at 0.5 s");
});

test("a tip of several bars asks nothing", () => {
  const tip = words.tip(several, 10_000, () => assert.fail("asked"));
  assert.equal(tip.textContent, "12 branches2 failed, within 90 msClick to zoom in");
});
