import assert from "node:assert/strict";
import { test } from "node:test";
import { Clock, load, page } from "./modules.mjs";

/** A job's page whose server always has more to come. */
function open() {
  const clock = new Clock();
  const document = page();
  const asked = [];
  const box = { dataset: { url: "trend" }, hidden: true };
  document.querySelectorAll = () => [box];
  load(["text", "dom", "theme", "poller", "trend"], {
    document,
    setTimeout: clock.setTimeout,
    clearTimeout: clock.clearTimeout,
    window: { addEventListener: () => {} },
    matchMedia: () => document,
    MutationObserver: class {
      observe() {}
    },
    ResizeObserver: class {
      observe() {}
    },
    fetch: async () => {
      asked.push(clock.now);
      return { ok: asked.length < 5, json: async () => ({ builds: [], more: asked.length < 4 }) };
    },
  });
  return { clock, document, asked };
}

test("the trend asks until the server has no more", async () => {
  const { clock, asked } = open();
  await clock.pass(60_000);
  assert.deepEqual(asked, [0, 2000, 4000, 6000]);
});

test("a hidden tab does not ask for the trend", async () => {
  const { clock, document, asked } = open();
  await clock.pass(1000);
  document.hidden = true;
  document.listeners.visibilitychange();
  await clock.pass(60_000);
  assert.deepEqual(asked, [0]);
});
