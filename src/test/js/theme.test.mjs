import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./modules.mjs";

/** A page below elements with these backgrounds, the nearest first; returns its classes, and prints it if wanted. */
function paint(backgrounds, prints = false) {
  const classes = {};
  const listeners = {};
  const parents = backgrounds.reduceRight((parentElement, backgroundColor) => ({ parentElement, backgroundColor }), null);
  const root = { parentElement: parents, classList: { toggle: (name, on) => (classes[name] = on) } };
  const browser = {
    getComputedStyle: (element) => ({ backgroundColor: element.backgroundColor, fontFamily: "sans", getPropertyValue: (name) => " value of " + name + " " }),
    matchMedia: () => ({ addEventListener: () => {} }),
    MutationObserver: class {
      observe() {}
    },
  };
  const window = { addEventListener: (name, listener) => (listeners[name] = listener) };
  const { theme } = load(["theme"], { ...browser, window });
  let colors;
  const changed = () => (colors = theme.apply(root));
  theme.watch(changed);
  changed();
  if (prints) {
    listeners.beforeprint();
  }
  return { isDark: classes["cs-page--dark"], isPrint: classes["cs-page--print"], colors };
}

test("a page is dark if what it lies on is, whichever theme made it so", () => {
  assert.ok(paint(["rgb(27, 29, 35)"]).isDark);
  assert.ok(!paint(["rgb(255, 255, 255)"]).isDark);
});

test("what is transparent is looked through", () => {
  assert.ok(paint(["rgba(0, 0, 0, 0)", "rgba(255, 255, 255, 0)", "rgb(20, 20, 20)", "rgb(255, 255, 255)"]).isDark);
  assert.ok(!paint(["rgba(0, 0, 0, 0)"]).isDark);
});

test("paper is light", () => {
  const { isDark, isPrint } = paint(["rgb(27, 29, 35)"], true);
  assert.deepEqual([isDark, isPrint], [false, true]);
});

test("colours are those that the style sheet has for the theme", () => {
  assert.equal(paint(["rgb(27, 29, 35)"]).colors.failed, "value of --cs-failed");
});
