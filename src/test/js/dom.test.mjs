import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./modules.mjs";

const { make, mark } = load(["dom"]).dom;

test("texts stay texts, whatever they look like", () => {
  assert.deepEqual(make("p", {}, "<b>", 0).children, ["<b>", "0"]);
});

test("children that are not there leave no trace, and lists are taken apart", () => {
  const inner = make("i");
  assert.deepEqual(make("p", {}, null, undefined, false, ["a", inner]).children, ["a", inner]);
});

test("attributes are set, left out or listened to", () => {
  const clicked = () => {};
  const button = make("button", { hidden: true, title: null, disabled: false, tabindex: 0, click: clicked });
  assert.deepEqual(button.attributes, { hidden: "", tabindex: "0" });
  assert.equal(button.listeners.click, clicked);
});

test("each outcome has a shape of its own", () => {
  const shapes = ["succeeded", "failed", "cancelled", "skipped", "retried"].map((outcome) => JSON.stringify(mark(outcome).children));
  assert.equal(new Set(shapes).size, 5);
});
