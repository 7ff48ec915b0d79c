import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./modules.mjs";

const { timelineOptions: options, viewport } = load(["text", "dom", "columns", "timeline/viewport", "timeline/limits", "timeline/options"]);

const timeline = {
  from: 1000,
  to: 3000,
  firstLane: 64,
  lanes: 66,
  duration: 4000,
  bars: [[64, 0, 10, 0, 0], [65, 0, 10, 1, 1, 2, 1, 0, 0]],
  load: [0.5, 1.5, 3, 0],
  busy: [50],
  links: [[64, 10, 65, 20]],
  limits: [],
};
const view = viewport();
view.holds(66, 4000);
view.scroll(1);
view.show([1000, 3000]);
const draws = { tip: (index) => "tip " + index, bar: () => null, link: () => null };
const made = options.make({ slots: 2 }, timeline, view, {}, draws);

test("lanes are numbered as people count, and say how busy they were where that is known", () => {
  assert.equal(options.laneLabel(timeline, 0), "65  {busy|50 %}");
  assert.equal(options.laneLabel(timeline, 1), "66");
});

test("a long name of a lane ends as it ends, since that is where names differ", () => {
  const named = { ...timeline, names: ["short 1", "linux-builder-in-frankfurt 12"] };
  assert.equal(options.laneLabel(named, 0), "short 1  {busy|50 %}");
  assert.equal(options.laneLabel(named, 1), "…r-in-frankfurt 12");
});

test("names of lanes get more room than numbers", () => {
  const named = options.make({ slots: 2 }, { ...timeline, names: ["a", "b"] }, view, {}, draws);
  assert.ok(named.grid[0].left > made.grid[0].left);
});

test("the load is drawn in the middle of each column of the time that was asked for", () => {
  assert.deepEqual(options.loadPoints(timeline), [[1250, 0.5], [1750, 1.5], [2250, 3], [2750, 0]]);
});

test("the axis of the load has room for all slots, and for more at work than there are slots", () => {
  assert.equal(made.yAxis[0].max, 3);
  assert.equal(options.make({ slots: 8 }, timeline, view, {}, draws).yAxis[0].max, 8);
});

test("there is a place for each lane that is shown, and the canvas has their height", () => {
  assert.equal(made.yAxis[1].data.length, 2);
  const more = viewport();
  more.holds(12, 1);
  assert.equal(options.height(more) - options.height(view), 10 * 26);
});

test("times are labelled as exactly as the zoom needs", () => {
  assert.equal(made.xAxis[1].axisLabel.formatter(1500), "1.5 s");
  assert.deepEqual(made.dataZoom.map(({ startValue, endValue }) => [startValue, endValue]), [[1000, 3000], [1000, 3000]]);
});

test("all bars have as many numbers", () => {
  assert.deepEqual(made.series[1].data.map((bar) => bar.length), [5, 5]);
});

test("a tip is about bars, and the load has none", () => {
  assert.equal(made.tooltip.formatter({ seriesIndex: 1, dataIndex: 1 }), "tip 1");
  assert.equal(made.tooltip.formatter({ seriesIndex: 0, dataIndex: 1 }), null);
});

test("a line leads from the end of a bar to the start of the one that waited for it, in the lanes that are shown", () => {
  assert.deepEqual(made.series[2].data, [[10, 0, 20, 1]]);
});

test("adaptive limits are lines above the load, and the axis has room for them", () => {
  const limits = [{ origin: "https://a.example", node: "", points: [[0, 4], [500, 20]] }];
  const found = options.make({ slots: 2 }, { ...timeline, limits }, view, {}, draws);
  assert.equal(found.yAxis[0].max, 20);
  assert.deepEqual(found.series.at(-1).data, [[0, 4], [500, 20], [4000, 20]]);
  assert.equal(found.series[1].renderItem, draws.bar); // its place is what tips and keys ask for
});
