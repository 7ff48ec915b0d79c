/*
 * The timeline of a step: a lane for each worker or slot, a bar for each attempt. Drawn by ECharts; what a canvas lacks
 * (keyboard, a voice) is added here.
 */
window.ConcurrencySteps = window.ConcurrencySteps || {};

ConcurrencySteps.timeline = (page) => {
  "use strict";

  const { make, mark, iconButton } = ConcurrencySteps.dom;
  const text = ConcurrencySteps.text;
  const t = text.t;

  const KINDS = ["succeeded", "failed", "cancelled", "retried", "span"];
  const LANE = 0, START = 1, MILLIS = 2, KIND = 3, INDEX = 4, COUNT = 5, FAILED = 6, CANCELLED = 7, RETRIED = 8;
  const MAX_LANES = 64;
  const LOAD_HEIGHT = 44;
  const MAX_NAME = 18;
  const MIN_SPAN = 20;

  let colors = {};
  let run = null;
  let shown = null;
  let drawn = { bars: [], firstLane: 0 }; // what the chart has; it may draw it again before it gets what is shown now
  let firstLane = 0;
  let view = null; // the range that was zoomed to, or null for all of it
  let focused = -1;
  let pending = 0;

  const canvas = make("div", { class: "cs-timeline__canvas" });
  const help = make(
    "p",
    { class: "cs-hidden", id: "cs-timeline-help" },
    t(
      "Left and right arrow: previous and next bar of the lane. Up and down arrow: neighbouring lane. Enter: details. Plus and minus: zoom. Shift with left and right arrow: pan. 0: everything.",
    ),
  );
  const voice = make("p", { class: "cs-hidden", role: "status" });
  const stage = make(
    "div",
    { class: "cs-timeline__stage", tabindex: 0, role: "application", "aria-label": t("Timeline"), "aria-describedby": help.id, keydown: (event) => key(event), blur: () => hideTip() },
    canvas,
  );
  const laneText = make("span", { class: "cs-muted" });
  const lanePager = make(
    "div",
    { class: "cs-group", hidden: true },
    iconButton("up", t("Previous lanes"), () => scrollLanes(-1)),
    laneText,
    iconButton("down", t("Next lanes"), () => scrollLanes(1)),
  );
  const legend = make(
    "ul",
    { class: "cs-legend", "aria-label": t("Legend") },
    [["succeeded", t("Succeeded")], ["failed", t("Failed")], ["retried", t("Failed, then retried")], ["cancelled", t("Cancelled")]].map(([kind, label]) =>
      make("li", {}, make("span", { class: "cs-swatch cs-swatch--" + kind }), label),
    ),
  );
  const selected = make("div", {});
  const element = make(
    "section",
    { class: "cs-timeline", "aria-label": "Timeline" },
    make(
      "div",
      { class: "cs-bar" },
      make("h3", {}, t("Timeline")),
      legend,
      make(
        "div",
        { class: "cs-group cs-noprint" },
        lanePager,
        iconButton("left", t("Pan left"), () => pan(-0.25)),
        iconButton("right", t("Pan right"), () => pan(0.25)),
        iconButton("zoom-in", t("Zoom in"), () => zoom(0.5)),
        iconButton("zoom-out", t("Zoom out"), () => zoom(2)),
        iconButton("all", t("Show everything"), () => showRange(null)),
      ),
    ),
    stage,
    help,
    voice,
    selected,
  );

  let chart = null;

  const laneCount = () => Math.min(MAX_LANES, Math.max(1, (shown?.lanes ?? 1) - firstLane));

  const laneHeight = () => {
    const lanes = laneCount();
    return lanes <= 12 ? 26 : lanes <= 24 ? 18 : lanes <= 40 ? 13 : 10;
  };

  const range = () => view || [0, Math.max(1, shown?.duration ?? 1)];

  /** Rounded, so that windows of about the same width get the same answer, made once. */
  const columns = () => Math.max(200, 200 * Math.round((canvas.clientWidth - 90) / 200));

  /** What to ask for. */
  const query = () => {
    const parameters = { lane: firstLane, lanes: MAX_LANES, width: columns() };
    if (view) {
      parameters.from = Math.floor(view[0]);
      parameters.to = Math.ceil(view[1]);
    }
    return parameters;
  };

  const requestSoon = () => {
    const mine = ++pending;
    setTimeout(() => {
      if (mine === pending && run) {
        page.load(query()).then((answer) => mine === pending && answer?.timeline && show(answer.timeline));
      }
    }, 80);
  };

  const showRange = (wanted) => {
    if (!shown) {
      return;
    }
    if (wanted) {
      const span = Math.min(shown.duration, Math.max(MIN_SPAN, wanted[1] - wanted[0]));
      const from = Math.max(0, Math.min(wanted[0], shown.duration - span));
      view = span >= shown.duration ? null : [from, from + span];
    } else {
      view = null;
    }
    chart?.dispatchAction({ type: "dataZoom", dataZoomIndex: 0, startValue: range()[0], endValue: range()[1] });
  };

  const zoom = (factor) => {
    const [from, to] = range();
    const bar = shown?.bars[focused];
    const middle = bar ? bar[START] + bar[MILLIS] / 2 : (from + to) / 2;
    const left = middle - (middle - from) * factor;
    showRange([left, left + (to - from) * factor]);
  };

  const pan = (part) => {
    const [from, to] = range();
    const by = (to - from) * part;
    showRange([from + by, to + by]);
  };

  const scrollLanes = (by) => {
    const last = Math.floor(Math.max(0, (shown?.lanes ?? 1) - 1) / MAX_LANES) * MAX_LANES;
    firstLane = Math.max(0, Math.min(last, firstLane + by * MAX_LANES));
    requestSoon();
  };

  /* Drawing */

  /** How a kind fills a box: its height and place tell it without its colour. */
  const shapes = {
    succeeded: (box) => [part(box, 0.6, 0.2, { fill: colors.succeeded })],
    failed: (box) => [part(box, 0.92, 0.04, { fill: colors.failed }), ...cross(box)],
    cancelled: (box) => [part(box, 0.6, 0.2, { fill: colors.background, stroke: colors.cancelled, lineWidth: 1.5 })],
    retried: (box) => [part(box, 0.34, 0.46, { fill: colors.retried })],
    span: (box) => [part(box, 0.08, 0.46, { fill: colors.muted })],
  };

  const part = (box, height, from, style) => ({
    type: "rect",
    shape: { x: box.x, y: box.y + box.height * from, width: box.width, height: Math.max(1, box.height * height), r: box.many ? 0 : Math.min(2, box.width / 2) },
    style: style,
    emphasis: { style: { stroke: colors.text, lineWidth: 2 } },
  });

  const cross = (box) => {
    if (box.many || box.width < 14 || box.height < 12) {
      return [];
    }
    const size = Math.min(4, box.height / 5);
    const [x, y] = [box.x + 3 + size, box.y + box.height / 2];
    return [1, -1].map((sign) => ({
      type: "line",
      silent: true,
      shape: { x1: x - size, y1: y - size * sign, x2: x + size, y2: y + size * sign },
      style: { stroke: colors.background, lineWidth: 1.8 },
    }));
  };

  const bar = (params, api) => {
    const data = drawn.bars[params.dataIndex];
    const band = api.size([0, 1])[1];
    const [left, middle] = api.coord([data[START], data[LANE] - drawn.firstLane]);
    const right = api.coord([data[START] + data[MILLIS], 0])[0];
    const many = data[COUNT] > 1;
    const clip = params.coordSys;
    const x = Math.max(left, clip.x);
    const width = Math.min(left + Math.max(1.5, right - left - (many ? 0 : 0.5)), clip.x + clip.width) - x;
    if (width <= 0) {
      return null;
    }
    const box = { x: x, y: middle - band / 2, width: width, height: band, many: many };
    return { type: "group", children: many ? shares(data, box) : shapes[KINDS[data[KIND]]](box) };
  };

  /** Several bars in one place: each kind has its share of the width, and none that is rare gets lost. */
  const shares = (data, box) => {
    const children = [];
    let used = 0;
    [["failed", data[FAILED]], ["cancelled", data[CANCELLED]], ["retried", data[RETRIED]]].forEach(([kind, count]) => {
      const width = count ? Math.min(box.width - used, Math.max(2, (box.width * count) / data[COUNT])) : 0;
      if (width > 0) {
        children.push(...shapes[kind]({ ...box, x: box.x + used, width: width }));
        used += width;
      }
    });
    if (used < box.width) {
      children.push(...shapes.succeeded({ ...box, x: box.x + used, width: box.width - used }));
    }
    return children;
  };

  const spoken = { succeeded: t("succeeded"), failed: t("failed"), cancelled: t("cancelled"), retried: t("attempt failed") };

  const laneLabels = () => {
    const labels = [];
    for (let lane = 0; lane < laneCount(); lane++) {
      labels.push(String(firstLane + lane + 1));
    }
    return labels;
  };

  const labelOf = (lane) => {
    const busy = shown.busy[lane - firstLane];
    const name = shown.names?.[lane - firstLane] ?? String(lane + 1);
    return (name.length > MAX_NAME ? "…" + name.slice(1 - MAX_NAME) : name) + (busy === undefined ? "" : "  {busy|" + busy + " %}");
  };

  /** Room for the lanes' labels: numbers, or names of nodes with numbers. */
  const margin = () => (shown.names ? 176 : 84);

  const option = () => {
    const duration = Math.max(1, shown.duration);
    const lanes = laneCount() * laneHeight();
    const top = LOAD_HEIGHT + 26;
    const label = { color: colors.muted, fontFamily: colors.font, fontSize: 11 };
    const axis = (grid, more) => ({
      type: "value",
      gridIndex: grid,
      min: 0,
      max: duration,
      axisLine: { lineStyle: { color: colors.line } },
      splitLine: { lineStyle: { color: colors.line, opacity: 0.6 } },
      ...more,
    });
    const [from, to] = shown.from === undefined ? [0, duration] : [shown.from, shown.to];
    const step = (to - from) / shown.load.length;
    return {
      animation: false,
      textStyle: { fontFamily: colors.font },
      aria: { enabled: false },
      tooltip: {
        trigger: "item",
        confine: true,
        className: "cs-tooltip",
        backgroundColor: colors.background,
        borderColor: colors.line,
        textStyle: { color: colors.text, fontFamily: colors.font, fontSize: 13 },
        extraCssText: "white-space: normal; max-width: 26rem;",
        formatter: (params) => (params.seriesIndex === 1 ? tip(drawn.bars[params.dataIndex]) : null),
      },
      grid: [
        { left: margin(), right: 14, top: 18, height: LOAD_HEIGHT },
        { left: margin(), right: 14, top: top, height: lanes },
      ],
      xAxis: [
        axis(0, { axisLabel: { show: false }, axisTick: { show: false }, splitLine: { show: false } }),
        axis(1, {
          axisLabel: { ...label, hideOverlap: true, formatter: (value) => text.axis(value, range()[1] - range()[0]) },
        }),
      ],
      yAxis: [
        {
          type: "value",
          gridIndex: 0,
          min: 0,
          max: Math.max(1, run.slots, ...shown.load.map(Math.ceil)),
          interval: Math.max(1, run.slots),
          name: t("at work"),
          nameLocation: "middle",
          nameGap: 30,
          nameRotate: 0,
          nameTextStyle: { ...label, align: "right", padding: [0, -8, 0, 0] },
          axisLabel: { ...label, formatter: (value) => (value === 0 ? "" : text.number(value)) },
          splitLine: { lineStyle: { color: colors.line } },
        },
        {
          type: "category",
          gridIndex: 1,
          inverse: true,
          data: laneLabels(),
          axisLine: { lineStyle: { color: colors.line } },
          axisTick: { show: false },
          axisLabel: {
            ...label,
            formatter: (value) => labelOf(Number(value) - 1),
            rich: { busy: { color: colors.muted, fontSize: 10, width: 34, align: "right" } },
          },
        },
      ],
      dataZoom: [
        { type: "inside", xAxisIndex: [0, 1], filterMode: "none", zoomOnMouseWheel: "ctrl", moveOnMouseMove: true, moveOnMouseWheel: false, minValueSpan: MIN_SPAN, startValue: range()[0], endValue: range()[1] },
        {
          type: "slider",
          xAxisIndex: [0, 1],
          filterMode: "none",
          height: 18,
          top: top + lanes + 30,
          minValueSpan: MIN_SPAN,
          startValue: range()[0],
          endValue: range()[1],
          showDetail: false,
          showDataShadow: false,
          borderColor: colors.line,
          backgroundColor: "transparent",
          fillerColor: colors.line,
          handleStyle: { color: colors.background, borderColor: colors.muted },
          moveHandleStyle: { color: colors.muted },
          brushSelect: false,
        },
      ],
      series: [
        {
          type: "line",
          xAxisIndex: 0,
          yAxisIndex: 0,
          step: "middle",
          silent: true,
          symbol: "none",
          lineStyle: { width: 1, color: colors.succeeded },
          areaStyle: { color: colors.succeeded, opacity: 0.18 },
          data: shown.load.map((value, i) => [from + (i + 0.5) * step, value]),
        },
        {
          type: "custom",
          xAxisIndex: 1,
          yAxisIndex: 1,
          renderItem: bar,
          clip: true,
          encode: { x: [START], y: LANE },
          // of equal length, whatever a bar says beyond that
          data: shown.bars.map((each) => each.slice(0, COUNT)),
        },
      ],
    };
  };

  const draw = () => {
    if (!shown || !element.isConnected || !canvas.clientWidth) {
      return;
    }
    const height = LOAD_HEIGHT + 26 + laneCount() * laneHeight() + 56;
    canvas.style.height = height + "px";
    if (!chart) {
      chart = echarts.init(canvas, null, { renderer: "canvas" });
      chart.on("datazoom", zoomed);
      chart.on("click", (params) => params.seriesIndex === 1 && open(drawn.bars[params.dataIndex]));
    }
    chart.resize();
    drawn = { bars: shown.bars, firstLane: firstLane };
    chart.setOption(option(), { replaceMerge: ["series"], lazyUpdate: false });
    const last = Math.min(shown.lanes, firstLane + MAX_LANES);
    lanePager.hidden = shown.lanes <= MAX_LANES;
    laneText.textContent = t("Lanes {0}–{1} of {2}", firstLane + 1, last, text.number(shown.lanes));
    stage.setAttribute(
      "aria-label",
      t("Timeline of {0}: {1}, {2}", run.name, text.plural(shown.lanes, run.lanes), text.duration(shown.duration)),
    );
  };

  const zoomed = () => {
    const zoomedTo = chart.getOption().dataZoom[0];
    const [from, to] = [zoomedTo.startValue, zoomedTo.endValue];
    view = from <= 0 && to >= shown.duration ? null : [from, to];
    requestSoon();
  };

  /* Details */

  const tip = (data) => {
    if (data[COUNT] > 1) {
      return make(
        "div",
        {},
        make("strong", {}, text.plural(data[COUNT], "branch")),
        make("div", {}, (data[FAILED] ? text.count(data[FAILED], "failed") + ", " : "") + t("within {0}", text.duration(data[MILLIS]))),
        make("div", { class: "cs-muted" }, t("Click to zoom in")),
      );
    }
    const kind = KINDS[data[KIND]];
    const name = make("strong", { class: "cs-tooltip__name" }, t("Branch {0}", data[INDEX] + 1));
    const message = make("div", { class: "cs-tooltip__message" });
    const state = { span: t("Retried"), retried: t("Attempt failed") }[kind] || text.outcome(kind);
    page.branch(data[INDEX]).then((branch) => {
      name.textContent = branch.name;
      const attempts = branch.attempts > 1 ? t("{0} attempts.", branch.attempts) + " " : "";
      message.textContent = attempts + (branch.error ? branch.error + ": " + branch.message.slice(0, 300) : "");
    }, () => {});
    return make(
      "div",
      {},
      name,
      make("div", { class: "cs-tooltip__state" }, mark(kind === "span" ? "retried" : kind), state + " · " + text.duration(data[MILLIS]) + " · " + t("at {0}", text.axis(data[START], shown.duration))),
      message,
    );
  };

  const hideTip = () => {
    focused = -1;
    chart?.dispatchAction({ type: "downplay", seriesIndex: 1 });
    chart?.dispatchAction({ type: "hideTip" });
  };

  const open = (data) => {
    if (data[COUNT] > 1) {
      const margin = Math.max(MIN_SPAN, data[MILLIS]);
      showRange([data[START] - margin, data[START] + data[MILLIS] + margin]);
      return;
    }
    const close = iconButton("close", t("Close details"), () => {
      selected.replaceChildren();
      stage.focus();
    });
    const title = make("h4", { tabindex: -1 }, t("Branch {0}", data[INDEX] + 1));
    const branch = page.branch(data[INDEX]);
    branch.then((found) => (title.textContent = found.name), () => {});
    selected.replaceChildren(
      make("div", { class: "cs-selected" }, make("div", { class: "cs-bar" }, title, close), ConcurrencySteps.detail.later(branch, run.lanes)),
    );
    title.focus({ preventScroll: false });
  };

  /* Keyboard */

  const nearest = (lane, time) => {
    let best = -1;
    let distance = Infinity;
    shown.bars.forEach((candidate, i) => {
      const away = Math.abs(candidate[START] + candidate[MILLIS] / 2 - time);
      if (candidate[LANE] === lane && candidate[KIND] !== 4 && away < distance) {
        best = i;
        distance = away;
      }
    });
    return best;
  };

  const next = (direction) => {
    const current = shown.bars[focused];
    let best = -1;
    shown.bars.forEach((candidate, i) => {
      const after = direction * (candidate[START] - current[START]);
      const closer = best < 0 || after < direction * (shown.bars[best][START] - current[START]);
      if (candidate[LANE] === current[LANE] && candidate[KIND] !== 4 && i !== focused && after > 0 && closer) {
        best = i;
      }
    });
    return best;
  };

  const move = (columns, rows) => {
    if (!shown?.bars.length) {
      return;
    }
    let target = -1;
    const current = shown.bars[focused];
    if (!current) {
      for (let lane = firstLane; target < 0 && lane < firstLane + laneCount(); lane++) {
        target = nearest(lane, range()[0]);
      }
    } else if (columns) {
      target = next(columns);
    } else {
      const middle = current[START] + current[MILLIS] / 2;
      for (let lane = current[LANE] + rows; target < 0 && lane >= firstLane && lane < firstLane + laneCount(); lane += rows) {
        target = nearest(lane, middle);
      }
    }
    if (target >= 0) {
      focus(target);
    }
  };

  const focus = (target) => {
    chart.dispatchAction({ type: "downplay", seriesIndex: 1 });
    focused = target;
    chart.dispatchAction({ type: "highlight", seriesIndex: 1, dataIndex: target });
    chart.dispatchAction({ type: "showTip", seriesIndex: 1, dataIndex: target });
    const data = shown.bars[target];
    const where = ", " + text.lane(run.lanes, data[LANE] + 1) + ", " + text.duration(data[MILLIS]);
    if (data[COUNT] > 1) {
      voice.textContent = text.plural(data[COUNT], "branch") + (data[FAILED] ? ", " + text.count(data[FAILED], "failed") : "") + where;
      return;
    }
    const state = spoken[KINDS[data[KIND]]];
    page.branch(data[INDEX]).then((branch) => {
      voice.textContent = branch.name + ", " + state + (branch.error ? " (" + branch.error + ")" : "") + where;
    }, () => {});
  };

  const keys = {
    ArrowLeft: (event) => (event.shiftKey ? pan(-0.25) : move(-1, 0)),
    ArrowRight: (event) => (event.shiftKey ? pan(0.25) : move(1, 0)),
    ArrowUp: () => move(0, -1),
    ArrowDown: () => move(0, 1),
    "+": () => zoom(0.5),
    "=": () => zoom(0.5),
    "-": () => zoom(2),
    0: () => showRange(null),
    Home: () => showRange(null),
    PageUp: () => scrollLanes(-1),
    PageDown: () => scrollLanes(1),
    Escape: () => hideTip(),
    Enter: () => shown?.bars[focused] && open(shown.bars[focused]),
  };

  const key = (event) => {
    const action = keys[event.key];
    if (action && !event.ctrlKey && !event.metaKey && !event.altKey) {
      action(event);
      event.preventDefault();
    }
  };

  /* From outside */

  /** Shows another step. */
  const select = () => {
    firstLane = 0;
    view = null;
    shown = null;
    focused = -1;
    selected.replaceChildren();
    chart?.clear();
  };

  const show = (timeline) => {
    const marked = shown?.bars[focused];
    shown = timeline;
    focused = -1;
    draw();
    if (marked) {
      const again = shown.bars.findIndex((candidate) => candidate[INDEX] === marked[INDEX] && candidate[LANE] === marked[LANE]);
      if (again >= 0 && document.activeElement === stage) {
        focused = again;
        chart.dispatchAction({ type: "highlight", seriesIndex: 1, dataIndex: again });
      }
    }
  };

  const update = (summary, timeline) => {
    run = summary;
    if (timeline) {
      show(timeline);
    }
  };

  const paint = (palette) => {
    colors = palette;
    draw();
  };

  new ResizeObserver(() => chart && chart.getWidth() !== canvas.clientWidth && draw()).observe(stage);

  return { element, select, query, update, paint, state: () => ({ view: range(), focused: shown?.bars[focused] ?? null, timeline: shown }) };
};
