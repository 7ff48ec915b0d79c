import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./modules.mjs";

const { timelineKeys } = load(["timeline/keyboard"]);

/** What a key does, and whether the browser does something as well. */
function press(key, modifiers = {}) {
  const done = [];
  const act = new Proxy({}, { get: (none, name) => (...values) => done.push([name, ...values]) });
  let isTaken = false;
  timelineKeys(act)({ key, shiftKey: false, ...modifiers, preventDefault: () => (isTaken = true) });
  return { done, isTaken };
}

test("each key does what the help says", () => {
  const done = (key, modifiers) => press(key, modifiers).done;
  assert.deepEqual(done("ArrowLeft"), [["move", -1, 0]]);
  assert.deepEqual(done("ArrowRight"), [["move", 1, 0]]);
  assert.deepEqual(done("ArrowUp"), [["move", 0, -1]]);
  assert.deepEqual(done("ArrowDown"), [["move", 0, 1]]);
  assert.deepEqual(done("Enter"), [["open"]]);
  assert.deepEqual(done("+"), [["zoom", 0.5]]);
  assert.deepEqual(done("-"), [["zoom", 2]]);
  assert.deepEqual(done("0"), [["showAll"]]);
  assert.deepEqual(done("ArrowLeft", { shiftKey: true }), [["pan", -0.25]]);
  assert.deepEqual(done("ArrowRight", { shiftKey: true }), [["pan", 0.25]]);
  assert.deepEqual(done("Escape"), [["leave"]]);
  assert.deepEqual(done("PageDown"), [["scroll", 1]]);
});

test("a plus that needs Shift on the keyboard is a plus", () => {
  assert.deepEqual(press("+", { shiftKey: true }).done, [["zoom", 0.5]]);
});

test("the page does not scroll with a key that means something here, and only then", () => {
  assert.ok(press("ArrowDown").isTaken);
  assert.ok(!press("Tab").isTaken);
  assert.ok(!press("toString").isTaken);
});

test("keys of the browser stay its own", () => {
  ["ctrlKey", "metaKey", "altKey"].forEach((modifier) => {
    assert.deepEqual(press("0", { [modifier]: true }), { done: [], isTaken: false });
  });
});
