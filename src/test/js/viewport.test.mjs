import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./modules.mjs";

function viewport(lanes, duration) {
  const made = load(["timeline/viewport"]).viewport();
  made.holds(lanes, duration);
  return made;
}

test("everything is shown at first, and asked for without a range", () => {
  const view = viewport(4, 15_000);
  assert.deepEqual(view.range(), [0, 15_000]);
  assert.deepEqual(view.query(1000), { lane: 0, lanes: 64, width: 1000 });
});

test("a range that is not zoomed grows with the build, one that is zoomed stays", () => {
  const view = viewport(4, 1000);
  view.holds(4, 2000);
  assert.deepEqual(view.range(), [0, 2000]);
  view.show([500, 1500]);
  view.holds(4, 3000);
  assert.deepEqual(view.range(), [500, 1500]);
});

test("zooming keeps the middle, or the time that it is told to keep", () => {
  const view = viewport(1, 10_000);
  view.zoom(0.5);
  assert.deepEqual(view.range(), [2500, 7500]);
  view.zoom(0.5, 3000);
  assert.deepEqual(view.range(), [2750, 5250]);
  view.zoom(2, 3000);
  assert.deepEqual(view.range(), [2500, 7500]);
});

test("zooming keeps time 0 too", () => {
  const view = viewport(1, 10_000);
  view.zoom(0.5, 0);
  assert.deepEqual(view.range(), [0, 5000]);
});

test("a range ends where the build does, and is never too short to be drawn", () => {
  const view = viewport(1, 10_000);
  view.show([9000, 11_000]);
  assert.deepEqual(view.range(), [8000, 10_000]);
  view.show([-500, 500]);
  assert.deepEqual(view.range(), [0, 1000]);
  view.show([5000, 5001]);
  assert.deepEqual(view.range(), [5000, 5020]);
  view.show([-1, 10_001]);
  assert.equal(view.query(1000).from, undefined);
});

test("panning moves by a part of the range and stops at the ends", () => {
  const view = viewport(1, 10_000);
  view.show([4000, 6000]);
  view.pan(0.25);
  assert.deepEqual(view.range(), [4500, 6500]);
  for (let i = 0; i < 20; i++) {
    view.pan(-0.25);
  }
  assert.deepEqual(view.range(), [0, 2000]);
});

test("a bar that is opened has room on both sides", () => {
  const view = viewport(1, 10_000);
  view.zoomTo(5000, 100);
  assert.deepEqual(view.range(), [4900, 5200]);
  view.zoomTo(5000, 0);
  assert.deepEqual(view.range(), [4980, 5020]);
});

test("lanes come in pages of 64, of which there is a first and a last", () => {
  const view = viewport(130, 1);
  assert.ok(view.hasPages());
  view.scroll(-1);
  assert.equal(view.firstLane(), 0);
  view.scroll(1);
  assert.deepEqual([view.firstLane(), view.laneCount()], [64, 64]);
  view.scroll(1);
  view.scroll(1);
  assert.deepEqual([view.firstLane(), view.laneCount()], [128, 2]);
  view.reset();
  assert.deepEqual([view.firstLane(), view.laneCount(), view.hasPages()], [0, 1, false]);
});

test("as many lanes as fill a page exactly need no second one", () => {
  const view = viewport(64, 1);
  assert.equal(view.hasPages(), false);
  view.scroll(1);
  assert.equal(view.firstLane(), 0);
});

test("the more lanes, the lower", () => {
  assert.deepEqual([1, 12, 13, 24, 25, 40, 41, 1000].map((lanes) => viewport(lanes, 1).laneHeight()), [26, 26, 18, 18, 13, 13, 10, 10]);
});

test("windows of about the same width ask the same", () => {
  const view = viewport(1, 1);
  assert.deepEqual([-90, 0, 299, 301, 1210].map((width) => view.query(width).width), [200, 200, 200, 400, 1200]);
});

test("a zoomed range is asked for in whole milliseconds, none of them missing", () => {
  const view = viewport(1, 1000);
  view.show([100.4, 200.6]);
  const { from, to } = view.query(1000);
  assert.deepEqual([from, to], [100, 201]);
});
