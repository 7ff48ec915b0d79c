/*
 * The timeline of a step: a lane for each worker or slot, a bar for each attempt. What a canvas lacks (keyboard, a voice)
 * is added here.
 */
(window.ConcurrencySteps ||= {}).timeline = (page) => {
  "use strict";

  const { bar, isSeveral } = ConcurrencySteps.columns;
  const { neighbours, timelineWords: words } = ConcurrencySteps;

  let colors = {};
  let run = null;
  let shown = null;
  let focused = -1;
  let asked = null; // the bar that is told, or will be as soon as its branch is known

  const viewport = ConcurrencySteps.viewport();
  const focusedBar = () => shown?.bars[focused];

  const leave = () => {
    focused = -1;
    chart.leave();
  };

  /** Changes the range that is shown. */
  const changeRange = (change) => {
    if (shown) {
      change();
      chart.moveToRange();
    }
  };

  const open = (data) => {
    if (isSeveral(data)) {
      changeRange(() => viewport.zoomTo(data[bar.START], data[bar.MILLIS]));
    } else {
      frame.open(data[bar.INDEX], page.branch(data[bar.INDEX]), run.lanes);
    }
  };

  const move = (columns, rows) => {
    const target = shown ? neighbours.target(shown.bars, focused, columns, rows, viewport) : -1;
    if (target >= 0) {
      focus(target);
    }
  };

  const focus = (target) => {
    focused = target;
    chart.focus(target);
    const data = focusedBar();
    asked = data;
    if (isSeveral(data)) {
      frame.say(words.sentence(data, run.lanes));
      return;
    }
    // answers may come in another order than keys
    page.branch(data[bar.INDEX]).then((branch) => asked === data && frame.say(words.sentence(data, run.lanes, branch)), () => {});
  };

  const act = {
    leave: leave,
    move: move,
    pan: (part) => changeRange(() => viewport.pan(part)),
    zoom: (factor) => {
      const data = focusedBar();
      changeRange(() => viewport.zoom(factor, data && data[bar.START] + data[bar.MILLIS] / 2));
    },
    showAll: () => changeRange(() => viewport.show(null)),
    scroll: (pages) => {
      viewport.scroll(pages);
      request.soon();
    },
    open: () => focusedBar() && open(focusedBar()),
  };

  const frame = ConcurrencySteps.timelineFrame(act, ConcurrencySteps.timelineKeys(act));

  const chart = ConcurrencySteps.timelineChart(frame.canvas, viewport, {
    open: open,
    tip: (data, duration) => words.tip(data, duration, page.branch),
    zoomed: (range) => {
      viewport.show(range);
      request.soon();
    },
  });

  /** What to ask for. */
  const query = () => viewport.query(frame.canvas.clientWidth - 90);

  const request = ConcurrencySteps.newest(80, () => (run ? page.load(query()) : null), (answer) => answer.timeline && show(answer.timeline));

  const draw = () => {
    if (shown) {
      chart.draw(run, shown, colors);
      frame.update(words.title(run, shown), viewport, shown);
    }
  };

  const show = (timeline) => {
    const marked = focusedBar();
    shown = timeline;
    viewport.holds(timeline.lanes, timeline.duration);
    draw();
    focused = marked && document.activeElement === frame.stage ? neighbours.again(shown.bars, marked) : -1;
    if (focused >= 0) {
      chart.highlight(focused);
    }
  };

  /** Shows another step. */
  const select = () => {
    request.forget();
    viewport.reset();
    shown = null;
    focused = -1;
    asked = null;
    frame.close();
    chart.clear();
  };

  const update = (summary, timeline) => {
    run = summary;
    show(timeline);
  };

  const paint = (palette) => {
    colors = palette;
    draw();
  };

  new ResizeObserver(() => chart.hasOtherWidth() && draw()).observe(frame.stage);

  return { element: frame.element, select, query, update, paint, state: () => ({ view: viewport.range(), focused: focusedBar() ?? null, timeline: shown }) };
};
