import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./modules.mjs";

const { tableQuery, tableCells } = load(["text", "dom", "columns", "table/query", "table/cells"]);
const columns = tableCells(() => false);

/** As DataTables says what it wants to draw. */
const wanted = (change) => ({ start: 0, length: 25, order: [{ column: 0, dir: "asc" }], search: { value: "" }, columns, ...change });

test("at first the table asks for what the page has asked for it already", () => {
  const query = tableQuery();
  query.keep({ total: 1 }, query.current());
  assert.deepEqual(query.ask(wanted({})), { start: 0, length: 25, sort: "outcome", order: "asc" });
  assert.deepEqual(query.take(), { total: 1 });
});

test("what came with the news answers one question only, and no other one", () => {
  const query = tableQuery();
  query.keep({ total: 1 }, query.current());
  query.ask(wanted({ start: 25 }));
  assert.equal(query.take(), null);
  query.ask(wanted({}));
  assert.notEqual(query.take(), null);
  query.ask(wanted({}));
  assert.equal(query.take(), null);
});

test("sorting, searching and filters are part of the question", () => {
  const query = tableQuery();
  query.setFilter({ outcome: "failed" });
  query.setFilter({ error: "exit" });
  const asked = query.ask(wanted({ start: 50, order: [{ column: 6, dir: "desc" }], search: { value: "a b" } }));
  assert.deepEqual(asked, { start: 50, length: 25, sort: "duration", order: "desc", search: "a b", outcome: "failed", error: "exit" });
  assert.deepEqual(query.current(), asked);
  query.setFilter({ outcome: "", retried: "true" });
  assert.deepEqual(query.ask(wanted({ order: [] })), { start: 0, length: 25, sort: "outcome", order: "asc", error: "exit", retried: "true" });
});

test("an answer to an earlier question is known as such", () => {
  const query = tableQuery();
  const earlier = query.ask(wanted({ search: { value: "a" } }));
  query.ask(wanted({ search: { value: "ab" } }));
  assert.ok(!query.isAsked(earlier));
  query.ask(wanted({ search: { value: "a" } }));
  assert.ok(query.isAsked(earlier));
});

test("news that are none do not draw the table again", () => {
  const query = tableQuery();
  assert.ok(query.keep({ rows: [1] }, query.current()));
  assert.ok(!query.keep({ rows: [1] }, query.current()));
  assert.ok(query.keep({ rows: [1, 2] }, query.current()));
});

test("another step begins without search, filter and answer", () => {
  const query = tableQuery();
  query.setFilter({ outcome: "failed" });
  query.keep({ total: 1 }, query.ask(wanted({ search: { value: "x" } })));
  query.reset();
  assert.deepEqual(query.current(), tableQuery().current());
  assert.equal(query.filter().outcome, "");
  query.ask(wanted({}));
  assert.equal(query.take(), null);
});

test("cells show what is there, and a dash where nothing is", () => {
  const shown = (row) => columns.map(({ cell }) => cell(row)?.textContent ?? cell(row));
  const failed = [4, "a <b>", "failed", "exit", "exit code 3\nmore", 2, 7, 1500, 65_000, 3];
  assert.deepEqual(shown(failed), ["Failed – details of a <b>", "a <b>", "exit exit code 3", "2", 7, "1.5 s", "1 min 5 s", 3]);
  const neverBegun = [5, "b", "cancelled", null, "", 0, 0, -5, 0, null];
  assert.deepEqual(shown(neverBegun), ["Cancelled – details of b", "b", null, 0, "–", "–", "0 ms", "–"]);
});
