/* The canvas of the timeline, drawn by ECharts. */
(window.ConcurrencySteps ||= {}).timelineChart = (canvas, viewport, act) => {
  "use strict";

  const { LANE, START, MILLIS } = ConcurrencySteps.columns.bar;
  const { bars, timelineOptions: options } = ConcurrencySteps;

  let chart = null;
  let colors = {};
  let drawn = { bars: [] }; // what ECharts has; it may draw that again before it gets what is shown now

  const bar = (params, api) => {
    const data = drawn.bars[params.dataIndex];
    const [left, middle] = api.coord([data[START], data[LANE] - drawn.firstLane]);
    const right = api.coord([data[START] + data[MILLIS], 0])[0];
    const at = { left: left, right: right, middle: middle, height: api.size([0, 1])[1] };
    const box = bars.boxOf(data, at, params.coordSys);
    return box && { type: "group", children: bars.draw(data, box, colors) };
  };

  /** From the end of a bar to the start of the one that waited for it. */
  const link = (params, api) => {
    const at = (place) => {
      const [x, y] = api.coord([api.value(place), api.value(place + 1)]);
      return { x: x, y: y };
    };
    return bars.link(at(0), at(2), api.size([0, 1])[1], colors);
  };

  const start = () => {
    chart = echarts.init(canvas, null, { renderer: "canvas" });
    chart.on("datazoom", () => {
      const { startValue, endValue } = chart.getOption().dataZoom[0];
      act.zoomed([startValue, endValue]);
    });
    chart.on("click", (params) => params.seriesIndex === 1 && act.open(drawn.bars[params.dataIndex]));
  };

  /** Draws, where there is room. */
  const draw = (run, timeline, palette) => {
    if (!canvas.isConnected || !canvas.clientWidth) {
      return;
    }
    canvas.style.height = options.height(viewport) + "px";
    if (!chart) {
      start();
    }
    chart.resize();
    colors = palette;
    drawn = timeline;
    const draws = { tip: (index) => act.tip(drawn.bars[index], drawn.duration), bar: bar, link: link };
    chart.setOption(options.make(run, timeline, viewport, colors, draws), { replaceMerge: ["series"], lazyUpdate: false });
  };

  const tell = (type, more) => chart?.dispatchAction({ type: type, ...more });

  /** Shows the viewport's range; `zoomed` is called then. */
  const moveToRange = () => {
    const [from, to] = viewport.range();
    tell("dataZoom", { dataZoomIndex: 0, startValue: from, endValue: to });
  };

  const highlight = (index) => tell("highlight", { seriesIndex: 1, dataIndex: index });

  /** Nothing is highlighted any more. */
  const leave = () => {
    tell("downplay", { seriesIndex: 1 });
    tell("hideTip");
  };

  const focus = (index) => {
    tell("downplay", { seriesIndex: 1 });
    highlight(index);
    tell("showTip", { seriesIndex: 1, dataIndex: index });
  };

  const hasOtherWidth = () => chart !== null && chart.getWidth() !== canvas.clientWidth;

  return { draw, moveToRange, highlight, leave, focus, hasOtherWidth, clear: () => chart?.clear() };
};
