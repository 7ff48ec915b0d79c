import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { load } from "./modules.mjs";

const modules = load(["columns", "source/report-table", "source/report-timeline", "source/report"]);
const { reportTable, reportTimeline, reportSource } = modules;

const row = (index, name, outcome, error, message, attempts, lane, start, millis, code) => [index, name, outcome, error, message, attempts, lane, start, millis, code];
const table = {
  rows: [
    row(0, "Beta", "succeeded", null, "", 1, 1, 0, 30, 0),
    row(1, "alpha", "succeeded", null, "", 2, 2, 10, 20, 0),
    row(2, "gamma", "failed", "exit", "Marker is BAD", 1, 1, 40, 10, 3),
    row(3, "delta", "cancelled", "cancelled", "enough", 0, 0, 0, 0, null),
  ],
};
const names = (query) => reportTable(table, { start: 0, length: 25, ...query }).rows.map((each) => each[1]);

test("failures come first, then what was cancelled or skipped, then by place", () => {
  assert.deepEqual(names({}), ["gamma", "delta", "Beta", "alpha"]);
  const late = row(4, "late", "skipped", "skipped", "it needs 'gamma', which failed", 0, 0, 0, 0, null);
  const { rows } = reportTable({ rows: [...table.rows, late] }, { start: 0, length: 3 });
  assert.deepEqual(rows.map((each) => each[1]), ["gamma", "delta", "late"]);
});

test("rows are sorted by any column in both directions, names without regard to case", () => {
  assert.deepEqual(names({ sort: "name" }), ["alpha", "Beta", "delta", "gamma"]);
  assert.deepEqual(names({ sort: "duration", order: "desc" }), ["Beta", "alpha", "gamma", "delta"]);
  assert.deepEqual(names({ sort: "error" }), ["delta", "gamma", "Beta", "alpha"]);
  assert.deepEqual(names({ sort: "code", order: "desc" }), ["gamma", "Beta", "alpha", "delta"]);
});

test("names and messages are searched without regard to case, and filters hold as well", () => {
  assert.deepEqual(names({ search: "BET" }), ["Beta"]);
  assert.deepEqual(names({ search: "is bad" }), ["gamma"]);
  assert.deepEqual(names({ search: "a", retried: "true" }), ["alpha"]);
  assert.deepEqual(names({ outcome: "failed", error: "timeout" }), []);
});

test("a page says how many there are and how many match", () => {
  const { total, matching, rows } = reportTable(table, { search: "ta", start: 1, length: 1 });
  assert.deepEqual([total, matching, rows.map((each) => each[0])], [4, 2, [0]]);
});

/** A run of bars as the file has them: branch, lane, start, milliseconds, kind. */
const run = (millis, lanes, bars) => ({ summary: { millis }, lanes, names: [], bars: bars.flat() });
const whole = { lane: 0, lanes: 64, width: 1000 };

test("narrow bars of a lane are put together with their worst kind and its branch", () => {
  const { bars } = reportTimeline(run(10_000, 2, [[0, 0, 0, 5, 0], [1, 0, 6, 5, 1], [2, 0, 12, 5, 0], [3, 1, 0, 5, 0], [4, 0, 5000, 5000, 2]]), whole);
  assert.deepEqual(bars, [[0, 5000, 5000, 2, 4], [0, 0, 17, 1, 1, 3, 1, 0, 0], [1, 0, 5, 0, 3]]);
});

test("a zoom shows the same bars apart, and only those within it", () => {
  const { bars } = reportTimeline(run(10_000, 1, [[0, 0, 0, 5, 0], [1, 0, 6, 5, 1], [2, 0, 9000, 5, 0]]), { ...whole, from: 0, to: 100 });
  assert.deepEqual(bars, [[0, 0, 5, 0, 0], [0, 6, 5, 1, 1]]);
});

test("the load is how many are at work, in each column on the average", () => {
  const { load } = reportTimeline(run(1000, 2, [[0, 0, 0, 1000, 0], [1, 1, 250, 375, 0], [2, 0, 0, 1000, 4]]), { ...whole, width: 16 });
  assert.deepEqual(load, [1, 2, 1.5, 1]);
});

test("lanes that are not shown count for the load only", () => {
  const bars = [[0, 0, 0, 1000, 0], [1, 64, 0, 500, 0]];
  const { bars: shown, busy, load, firstLane } = reportTimeline(run(1000, 65, bars), { ...whole, lane: 64, width: 8 });
  assert.deepEqual([shown, busy, load, firstLane], [[[64, 0, 500, 0, 1]], [50], [2, 1], 64]);
});

test("branches without details are told from their row", async () => {
  const source = reportSource({ runs: [{ summary: { id: "r", start: 1_000_000 }, rows: table.rows, details: { 2: { name: "all about it" } } }] });
  assert.equal((await source.branch("r", 2)).name, "all about it");
  const { name, start, facts } = await source.branch("r", 1);
  assert.deepEqual([name, start, facts], ["alpha", 1_000_010, { code: 0 }]);
  assert.deepEqual((await source.branch("r", 3)).facts, {});
});

// The file is written by the test in Java that runs these tests: questions and what the server answers to them.
const answers = process.env.SERVER_ANSWERS;

test("a report answers as the server does", { skip: answers ? false : "needs answers of a server in SERVER_ANSWERS" }, async () => {
  const { data, asked } = JSON.parse(readFileSync(answers, "utf8"));
  const source = reportSource(data);
  for (const { query, timeline, table: page } of asked) {
    const answer = await source.data({ run: data.runs[0].summary.id, ...query });
    const sorted = (bars) => bars.map(String).sort();
    assert.deepEqual(sorted(answer.timeline.bars), sorted(timeline.bars), JSON.stringify(query));
    assert.deepEqual(answer.timeline.load.map((value) => Math.round(value * 100)), timeline.load.map((value) => Math.round(value * 100)));
    const { bars, load, ...rest } = answer.timeline;
    Object.entries(rest).forEach(([key, value]) => assert.deepEqual(value, timeline[key], key));
    assert.deepEqual(answer.table, page, JSON.stringify(query));
  }
});
