import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./modules.mjs";

const { bars, columns } = load(["columns", "timeline/bars"]);
const chart = { x: 100, width: 1000 };
const colors = { succeeded: "green", failed: "red", cancelled: "grey", retried: "yellow", muted: "silver", background: "white", text: "black" };
const bar = (kind) => [0, 0, 1, columns.kinds.indexOf(kind), 0];
const several = (count, failed, cancelled, retried) => [0, 0, 1, 0, 0, count, failed, cancelled, retried];
const at = (left, right) => ({ left, right, middle: 50, height: 20 });

test("a bar fills its time, with a gap before the next one, and its lane", () => {
  assert.deepEqual(bars.boxOf(bar("failed"), at(200, 300), chart), { x: 200, y: 40, width: 99.5, height: 20, many: false });
});

test("however short, a bar can be seen", () => {
  assert.equal(bars.boxOf(bar("failed"), at(200, 200.1), chart).width, 1.5);
});

test("what is outside of the chart is cut off", () => {
  assert.equal(bars.boxOf(bar("failed"), at(20, 100), chart), null);
  assert.equal(bars.boxOf(bar("failed"), at(1100, 1200), chart), null);
  const box = bars.boxOf(several(2, 1, 0, 0), at(0, 2000), chart);
  assert.deepEqual([box.x, box.width], [100, 1000]);
});

test("kinds differ in height or place, and not in colour alone", () => {
  const looks = columns.kinds.map((kind) => {
    const [{ shape, style }] = bars.draw(bar(kind), { x: 0, y: 0, width: 10, height: 20, many: false }, colors);
    return [shape.y, shape.height, style.stroke !== undefined].join();
  });
  assert.equal(new Set(looks).size, columns.kinds.length);
});

test("a failed bar has a cross where there is room for one", () => {
  const lines = (width, height) => bars.draw(bar("failed"), { x: 0, y: 0, width, height, many: false }, colors).filter(({ type }) => type === "line");
  assert.equal(lines(14, 12).length, 2);
  assert.equal(lines(13, 12).length, 0);
  assert.equal(lines(14, 11).length, 0);
});

/** Colour and width of the parts of a box. */
const parts = (data, width) =>
  bars.draw(data, { x: 0, y: 0, width, height: 20, many: true }, colors).map(({ shape, style }) => [style.stroke ?? style.fill, shape.width]);

test("several bars in one share its width", () => {
  assert.deepEqual(parts(several(10, 5, 1, 2), 100), [["red", 50], ["grey", 10], ["yellow", 20], ["green", 20]]);
});

test("one failure among a thousand is still seen", () => {
  assert.deepEqual(parts(several(1000, 1, 0, 0), 100), [["red", 2], ["green", 98]]);
});

test("shares stay within their bar, failures first", () => {
  assert.deepEqual(parts(several(1000, 1, 1, 1), 3), [["red", 2], ["grey", 1]]);
});

test("a line to what waited leaves the lane, also to a bar of the same one", () => {
  const curve = (from, to) => bars.link(from, to, 20, colors).children[0].shape;
  const same = curve({ x: 100, y: 50 }, { x: 101, y: 50 });
  assert.ok(same.cpy1 < 50 && same.cpy2 < 50);
  const other = curve({ x: 100, y: 50 }, { x: 101, y: 90 });
  assert.deepEqual([other.x1, other.y1, other.x2, other.y2], [100, 50, 101, 90]);
});
