import assert from "node:assert/strict";
import { test } from "node:test";
import { Clock, load, page as document, settle } from "./modules.mjs";

const MODULES = ["text", "dom", "columns", "newest", "detail"];
const OF_TIMELINE = ["viewport", "bars", "neighbours", "keyboard", "words", "limits", "options", "chart", "frame", "timeline"];

/** A timeline of three bars in one lane, whose chart draws nothing and whose server answers when a test wants it to. */
function open() {
  const clock = new Clock();
  const actions = [];
  const listeners = {};
  const questions = [];
  const branches = new Map();
  let options;
  const chart = {
    on: (name, listener) => (listeners[name] = listener),
    setOption: (made) => (options = made),
    getOption: () => options,
    dispatchAction: (action) => {
      actions.push(action);
      if (action.type === "dataZoom") {
        options = { dataZoom: [action] };
        listeners.datazoom();
      }
    },
    resize: () => {},
    clear: () => {},
    getWidth: () => 1090,
  };
  const browser = {
    document: document(),
    echarts: { init: () => chart },
    ResizeObserver: class {
      observe() {}
    },
    setTimeout: clock.setTimeout,
  };
  const modules = load([...MODULES, ...OF_TIMELINE.map((name) => "timeline/" + name)], browser);
  const timeline = modules.timeline({
    load: (query) => new Promise((answer) => questions.push({ query, answer })),
    branch: (index) => new Promise((answer) => branches.set(index, () => answer({ name: "branch " + index, error: null }))),
  });
  const [, stage, , voice] = timeline.element.children;
  const bars = [[0, 0, 90, 0, 0], [0, 100, 90, 0, 1], [0, 200, 90, 0, 2]];
  const shown = { from: 0, to: 1000, firstLane: 0, lanes: 1, duration: 1000, bars, load: [1], busy: [27], links: [], limits: [] };
  timeline.update({ name: "pool", slots: 1, lanes: "worker" }, shown);
  const press = (...keys) => keys.forEach((key) => stage.listeners.keydown({ key, preventDefault: () => {} }));
  browser.document.activeElement = stage;
  return { clock, actions, questions, branches, timeline, voice, shown, press };
}

test("the bar that was chosen last is told, whichever answer comes last", async () => {
  const { branches, voice, press } = open();
  press("ArrowRight", "ArrowRight", "ArrowRight");
  [2, 0, 1].forEach((index) => branches.get(index)());
  await settle();
  assert.equal(voice.textContent, "branch 2, succeeded, worker 1, 90 ms");
});

test("a zoom asks for the new range once, around the bar that has the focus", async () => {
  const { clock, questions, press } = open();
  press("ArrowRight", "+", "+");
  await clock.pass(80);
  assert.deepEqual(questions.map(({ query }) => query), [{ lane: 0, lanes: 64, width: 1000, from: 33, to: 284 }]);
});

test("what belongs to another step is neither shown nor told", async () => {
  const { clock, questions, branches, timeline, voice, shown, press } = open();
  press("ArrowRight", "+");
  await clock.pass(80);
  timeline.select();
  questions[0].answer({ timeline: shown });
  branches.get(0)();
  await settle();
  assert.equal(timeline.state().timeline, null);
  assert.equal(voice.textContent, "");
});

test("the focus stays on its bar when newer ones come", () => {
  const { timeline, shown, press } = open();
  press("ArrowRight", "ArrowRight");
  const bars = [[0, 0, 90, 0, 7], ...shown.bars];
  timeline.update({ name: "pool", slots: 1, lanes: "worker" }, { ...shown, bars });
  assert.deepEqual(timeline.state().focused, shown.bars[1]);
});

test("who leaves has no bar, and the next key begins anew", () => {
  const { actions, timeline, press } = open();
  press("ArrowRight", "ArrowRight", "Escape");
  assert.equal(timeline.state().focused, null);
  assert.deepEqual(actions.slice(-2).map(({ type }) => type), ["downplay", "hideTip"]);
  press("ArrowRight");
  assert.equal(timeline.state().focused[4], 0);
});
