import assert from "node:assert/strict";
import { test } from "node:test";
import { Clock, load, settle } from "./modules.mjs";

/** Questions that a test answers when it wants to. */
function questions() {
  const clock = new Clock();
  const open = [];
  const shown = [];
  const ask = () => new Promise((answer) => open.push(answer));
  const newest = load(["newest"], { setTimeout: clock.setTimeout }).newest(80, ask, (answer) => shown.push(answer));
  return { clock, open, shown, newest };
}

test("many questions within a moment are one", async () => {
  const { clock, open, newest } = questions();
  newest.soon();
  await clock.pass(79);
  newest.soon();
  await clock.pass(79);
  assert.equal(open.length, 0);
  await clock.pass(1);
  assert.equal(open.length, 1);
});

test("an older answer that comes later is not shown", async () => {
  const { clock, open, shown, newest } = questions();
  newest.soon();
  await clock.pass(80);
  newest.soon();
  await clock.pass(80);
  open[1]("newer");
  open[0]("older");
  await settle();
  assert.deepEqual(shown, ["newer"]);
});

test("an answer that nobody waits for any more is not shown", async () => {
  const { clock, open, shown, newest } = questions();
  newest.soon();
  await clock.pass(80);
  newest.forget();
  open[0]("of another step");
  newest.soon();
  newest.forget();
  await clock.pass(80);
  assert.deepEqual(shown, []);
  assert.equal(open.length, 1);
});

test("no answer is nothing to show", async () => {
  const { clock, open, shown, newest } = questions();
  newest.soon();
  await clock.pass(80);
  open[0](null);
  await settle();
  assert.deepEqual(shown, []);
});
