import assert from "node:assert/strict";
import { test } from "node:test";
import { Clock, load, page } from "./modules.mjs";

/** A page whose server gives these answers, one after the other; an Error is no answer. */
function open(...answers) {
  const clock = new Clock();
  const document = page();
  const asked = [];
  const failures = [];
  const ask = async () => {
    asked.push(clock.now);
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    if (answer instanceof Error) {
      throw answer;
    }
    return answer;
  };
  const browser = { document, setTimeout: clock.setTimeout, clearTimeout: clock.clearTimeout };
  const { poll, retry } = load(["poller"], browser).poller(ask, (error) => failures.push(error.message));
  const hide = (hidden) => {
    document.hidden = hidden;
    document.listeners.visibilitychange();
  };
  return { clock, poll, retry, asked, failures, hide };
}

const news = { building: true, poll: 1000 };
const noNews = null;
const end = { building: false, poll: 0 };

test("a running build is asked for news as often as the server says", async () => {
  const { clock, poll, asked } = open(news, { building: true, poll: 5000 });
  await poll();
  await clock.pass(11_500);
  assert.deepEqual(asked, [0, 1000, 6000, 11_000]);
});

test("no news change nothing about when to ask next", async () => {
  const { clock, poll, asked } = open(news, noNews);
  await poll();
  await clock.pass(3000);
  assert.deepEqual(asked, [0, 1000, 2000, 3000]);
});

test("a build that has ended is not asked again, not even by a tab that is shown again", async () => {
  const { clock, poll, asked, hide } = open(news, end);
  await poll();
  await clock.pass(60_000);
  hide(true);
  hide(false);
  await clock.pass(60_000);
  assert.deepEqual(asked, [0, 1000]);
});

test("a hidden tab does not ask, and asks at once when it is shown", async () => {
  const { clock, poll, asked, hide } = open(news);
  await poll();
  await clock.pass(500);
  hide(true);
  await clock.pass(60_000);
  assert.deepEqual(asked, [0]);
  hide(false);
  await clock.pass(1500);
  assert.deepEqual(asked, [0, 60_500, 61_500]);
});

test("a tab that is hidden while it asks does not ask again", async () => {
  const { clock, poll, asked, hide } = open(news);
  const first = poll();
  hide(true);
  await first;
  await clock.pass(60_000);
  assert.deepEqual(asked, [0]);
});

test("an answer that does not come is told, and asked for again", async () => {
  const { clock, poll, asked, failures } = open(new Error("HTTP 503"), news);
  await poll();
  await clock.pass(1750);
  assert.deepEqual(asked, [0, 1750]);
  assert.deepEqual(failures, ["HTTP 503"]);
});

test("what is missing of a build that has ended is asked for again, and then no more", async () => {
  const late = { building: false, poll: 1000 };
  const { clock, poll, retry, asked, failures } = open(late, new Error("HTTP 503"), late);
  await poll();
  await poll();
  await clock.pass(60_000);
  assert.deepEqual(asked, [0, 0, 1000]);
  retry(new Error("HTTP 500"));
  await clock.pass(60_000);
  assert.deepEqual(asked, [0, 0, 1000, 61_000]);
  assert.deepEqual(failures, ["HTTP 503", "HTTP 500"]);
});

test("two that ask at once go on as one", async () => {
  const { clock, poll, asked } = open(news);
  await Promise.all([poll(), poll()]);
  await clock.pass(1000);
  assert.deepEqual(asked, [0, 0, 1000]);
});
