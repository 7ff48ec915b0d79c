import assert from "node:assert/strict";
import { test } from "node:test";
import { load, page } from "./modules.mjs";

const english = load(["text"]).text;
const german = load(["text"], { document: page({ "": "de", "{0} of {1}": "{1}, davon {0}", "{0} branches": "{0} Zweige" }) }).text;

test("durations have the two units that matter", () => {
  const shown = [0, 850.4, 999.6, 1000, 1234, 59_949, 59_951, 60_000, 185_000, 3_599_400, 3_600_000, 7_441_000, 86_400_000 * 50];
  assert.deepEqual(shown.map(english.duration), [
    "0 ms", "850 ms", "1.0 s", "1.0 s", "1.2 s", "59.9 s", "1 min", "1 min", "3 min 5 s", "59 min 59 s", "1 h", "2 h 4 min", "1,200 h",
  ]);
});

test("an axis is labelled as exactly as its range needs", () => {
  assert.equal(english.axis(1500, 1999), "1500 ms");
  assert.equal(english.axis(1500, 2000), "1.5 s");
  assert.equal(english.axis(1500, 20_000), "2 s");
  assert.equal(english.axis(60_000, 90_000), "1 min");
});

test("rates are a second, or a minute where they are few", () => {
  assert.deepEqual([1234.5, 10, 9.96, 1, 0.5, 0].map(english.rate), ["1,235 / s", "10 / s", "10.0 / s", "1.0 / s", "30.0 / min", "–"]);
});

test("numbers and sizes are those of the language", () => {
  assert.equal(english.plural(1, "byte"), "1 byte");
  assert.equal(english.plural(1_234_567, "byte"), "1,234,567 bytes");
  assert.equal(german.plural(12_345, "branch"), "12.345 Zweige");
  assert.equal(german.duration(1500), "1,5 s");
  assert.equal(english.percent(0.946), "95 %");
});

test("a translation places values where it wants them, and a value is no place for others", () => {
  assert.equal(german.t("{0} of {1}", "{1}", 7), "7, davon {1}");
  assert.equal(german.t("not translated {0}", "x"), "not translated x");
});

test("every noun that a step may have for its lanes is known", () => {
  ["connection", "slot", "worker"].forEach((noun) => {
    assert.equal(english.lane(noun, 3), noun + " 3");
    assert.equal(english.laneTitle(noun).toLowerCase(), noun);
    assert.equal(english.plural(2, noun), "2 " + noun + "s");
  });
});
