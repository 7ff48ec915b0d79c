import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./modules.mjs";

const { neighbours, viewport, columns } = load(["columns", "timeline/viewport", "timeline/neighbours"]);
const { SPAN } = columns;

// lane, start, milliseconds, kind, branch; in no order, as bars come
const bars = [
  [1, 0, 100, 0, 10],
  [0, 500, 100, 0, 1],
  [0, 0, 100, 0, 0],
  [0, 0, 900, SPAN, 2],
  [0, 800, 100, 3, 2],
  [3, 450, 100, 1, 11],
];
const view = viewport();
view.holds(4, 1000);

const move = (from, columns, rows) => neighbours.target(bars, from, columns, rows, view);

test("left and right lead along the lane, and not beyond its ends", () => {
  assert.deepEqual([move(2, 1, 0), move(1, 1, 0), move(4, 1, 0)], [1, 4, -1]);
  assert.deepEqual([move(4, -1, 0), move(1, -1, 0), move(2, -1, 0)], [1, 2, -1]);
});

test("up and down lead to the nearest bar of the next lane that has any", () => {
  assert.equal(move(0, 0, 1), 5);
  assert.equal(move(5, 0, -1), 0);
  assert.equal(neighbours.target(bars, 0, 0, -1, view), 2);
  assert.equal(move(5, 0, 1), -1);
});

test("the first key leads to the first bar that is shown", () => {
  assert.equal(move(-1, 1, 0), 2);
  const zoomed = viewport();
  zoomed.holds(4, 1000);
  zoomed.show([600, 1000]);
  assert.equal(neighbours.target(bars, -1, 1, 0, zoomed), 1);
  assert.equal(neighbours.target([], -1, 0, 1, view), -1);
});

test("lanes that are not shown are not entered", () => {
  const second = viewport();
  second.holds(70, 1000);
  second.scroll(1);
  const lanes = [[63, 0, 1, 0, 0], [64, 0, 1, 0, 1]];
  assert.equal(neighbours.target(lanes, -1, 0, 1, second), 1);
  assert.equal(neighbours.target(lanes, 1, 0, -1, second), -1);
});

test("what spans attempts is no bar to go to", () => {
  assert.equal(neighbours.nearest(bars, 0, 450), 1);
  assert.equal(neighbours.nearest([bars[3]], 0, 450), -1);
});

test("a bar is found again among the attempts of its branch", () => {
  const newer = [[0, 0, 950, SPAN, 2], [0, 100, 50, 3, 2], [0, 800, 150, 0, 2], [1, 800, 150, 0, 3]];
  assert.equal(neighbours.again(newer, bars[4]), 2);
  assert.equal(neighbours.again(newer, [0, 800, 100, 0, 99]), -1);
});
