import assert from "node:assert/strict";
import { test } from "node:test";
import { all, load } from "./modules.mjs";

const { timelineLimits: limits } = load(["text", "dom", "timeline/limits"]);
const one = { origin: "https://a.example", node: "", points: [[0, 4], [250, 32], [500, 16], [900, 20]] };
const other = { origin: "https://b.example", node: "agent1", points: [[100, 4]] };

test("a line goes in steps from its first point to the end of the step", () => {
  const [first, second] = limits.series([one, other], 1200, { link: "blue" });
  assert.deepEqual(first.data, [[0, 4], [250, 32], [500, 16], [900, 20], [1200, 20]]);
  assert.equal(first.step, "end");
  assert.deepEqual(second.data, [[100, 4], [1200, 4]]);
  assert.notEqual(first.lineStyle.type, second.lineStyle.type);
});

test("a line that is newer than the last branch does not go back", () => {
  assert.deepEqual(limits.series([one], 700, {})[0].data.at(-1), [900, 20]);
});

test("the axis has room for the highest limit", () => {
  assert.equal(limits.highest([other, one]), 32);
  assert.equal(limits.highest([]), 0);
});

test("each line is told in words, with its node where there are several", () => {
  assert.equal(limits.sentence(one), "https://a.example: 4 at once at first, 20 at last, between 4 and 32");
  assert.equal(limits.sentence(other), "https://b.example from agent1: 4 at once at first, 4 at last, between 4 and 4");
  assert.equal(all(limits.list([one, other]), "li").length, 2);
});

test("with several lines each has its number in the list at its end", () => {
  const labels = limits.series([one, other], 1200, {}).map(({ endLabel }) => endLabel);
  assert.deepEqual(labels.map(({ show, formatter }) => [show, formatter]), [[true, "1"], [true, "2"]]);
  assert.equal(all(limits.list([one, other]), "ol").length, 1);
  assert.equal(limits.series([one], 1200, {})[0].endLabel.show, false);
  assert.equal(all(limits.list([one]), "ol").length, 0);
});

test("nothing is said where there are no adaptive limits", () => {
  assert.equal(limits.list([]), "");
});
