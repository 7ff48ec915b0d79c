import assert from "node:assert/strict";
import { test } from "node:test";
import { all, load, page } from "./modules.mjs";

const { steps } = load(["text", "dom", "steps"]);

const run = (change) => ({
  id: "r", name: "pool", step: "cpuPool", state: "running", total: 400, succeeded: 100, failed: 4, cancelled: 0, skipped: 0, retried: 0,
  millis: 9300, perSecond: 11.6, busy: 0.946, slots: 4, lanes: "worker", median: 310, slow: 640, slowest: 1300, ...change,
});

/** The figures that are shown, by their labels. */
function tiles(change) {
  const figures = steps.figures();
  figures.update(run(change));
  return Object.fromEntries(figures.element.children.map(({ children: [label, value] }) => [label.textContent, value.textContent]));
}

test("a step that runs tells how many of its branches have ended", () => {
  assert.equal(tiles({}).Branches, "104 of 400");
  assert.equal(tiles({ total: 104 }).Branches, "104");
  assert.equal(tiles({ total: -1 }).Branches, "104total not known yet");
});

test("what did not happen takes no room, except failures, whose absence is news", () => {
  assert.deepEqual(Object.keys(tiles({ failed: 0 })), ["Branches", "Succeeded", "Failed", "Duration", "Throughput", "Busy", "Median branch"]);
  assert.equal(tiles({ failed: 0 }).Failed, "–");
  assert.equal(tiles({ cancelled: 1, skipped: 0, retried: 2 }).Retried, "2");
});

test("figures say what they are of", () => {
  assert.equal(tiles({}).Busy, "95 %of 4 workers");
  assert.equal(tiles({})["Median branch"], "310 ms95 % in 640 ms\nslowest 1.3 s");
});

/** The bar with the shares of a step's outcomes. */
function share(change) {
  const list = load(["text", "dom", "steps"], { document: Object.assign(page(), { activeElement: null }) }).steps.list(() => {});
  const body = all(list.element, "tbody")[0];
  body.contains = () => false;
  list.update([run(change)], "r");
  return all(body, "div").find(({ attributes }) => attributes.class === "cs-share");
}

test("one failure among a hundred thousand is seen in the bar of its step", () => {
  const widths = share({ total: 100_000, succeeded: 99_999, failed: 1 }).children.map(({ style }) => style.width);
  assert.deepEqual(widths, ["99.999%", "1.5%", "0%", "0%"]);
});

test("the bar of a step says in words what it shows", () => {
  assert.equal(share({}).attributes["aria-label"], "100 succeeded, 4 failed");
  assert.equal(share({ succeeded: 0, failed: 0 }).attributes["aria-label"], "none has ended");
});
