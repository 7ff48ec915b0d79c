/* What ECharts is told to draw: the load above, the lanes below, one time axis for both. */
(window.ConcurrencySteps ||= {}).timelineOptions = (() => {
  "use strict";

  const { bar } = ConcurrencySteps.columns;
  const { text, timelineLimits: limits } = ConcurrencySteps;
  const t = text.t;

  const LOAD_TOP = 18;
  const LOAD_HEIGHT = 44;
  const LANES_TOP = LOAD_HEIGHT + 26;
  const MAX_NAME = 18;

  const lanesHeight = (viewport) => viewport.laneCount() * viewport.laneHeight();

  /** Of the whole canvas, in pixels. */
  const height = (viewport) => LANES_TOP + lanesHeight(viewport) + 56;

  /** The name of one of the lanes shown, counted from 0, and how busy it was. */
  const laneLabel = (timeline, lane) => {
    const busy = timeline.busy[lane];
    const name = timeline.names?.[lane] ?? String(timeline.firstLane + lane + 1);
    return (name.length > MAX_NAME ? "…" + name.slice(1 - MAX_NAME) : name) + (busy === undefined ? "" : "  {busy|" + busy + " %}");
  };

  /** The load as points in the middle of their columns. */
  const loadPoints = (timeline) => {
    const step = (timeline.to - timeline.from) / timeline.load.length;
    return timeline.load.map((value, i) => [timeline.from + (i + 0.5) * step, value]);
  };

  const tooltip = (colors, tip) => ({
    trigger: "item",
    confine: true,
    className: "cs-tooltip",
    backgroundColor: colors.background,
    borderColor: colors.line,
    textStyle: { color: colors.text, fontFamily: colors.font, fontSize: 13 },
    extraCssText: "white-space: normal; max-width: 26rem;",
    formatter: (params) => (params.seriesIndex === 1 ? tip(params.dataIndex) : null),
  });

  const timeAxis = (grid, duration, colors, more) => ({
    type: "value",
    gridIndex: grid,
    min: 0,
    max: duration,
    axisLine: { lineStyle: { color: colors.line } },
    splitLine: { lineStyle: { color: colors.line, opacity: 0.6 } },
    ...more,
  });

  const loadAxis = (slots, load, colors, label) => ({
    type: "value",
    gridIndex: 0,
    min: 0,
    max: Math.max(1, slots, ...load.map(Math.ceil)),
    interval: Math.max(1, slots),
    name: t("at work"),
    nameLocation: "middle",
    nameGap: 30,
    nameRotate: 0,
    nameTextStyle: { ...label, align: "right", padding: [0, -8, 0, 0] },
    axisLabel: { ...label, formatter: (value) => (value === 0 ? "" : text.number(value)) },
    splitLine: { lineStyle: { color: colors.line } },
  });

  const laneAxis = (timeline, lanes, colors, label) => ({
    type: "category",
    gridIndex: 1,
    inverse: true,
    data: Array.from({ length: lanes }, (none, lane) => String(lane)),
    axisLine: { lineStyle: { color: colors.line } },
    axisTick: { show: false },
    axisLabel: {
      ...label,
      formatter: (lane) => laneLabel(timeline, Number(lane)),
      rich: { busy: { color: colors.muted, fontSize: 10, width: 34, align: "right" } },
    },
  });

  const zooms = (viewport, colors) => {
    const [from, to] = viewport.range();
    const both = { xAxisIndex: [0, 1], filterMode: "none", minValueSpan: viewport.MIN_SPAN, startValue: from, endValue: to };
    return [
      { ...both, type: "inside", zoomOnMouseWheel: "ctrl", moveOnMouseMove: true, moveOnMouseWheel: false },
      {
        ...both,
        type: "slider",
        height: 18,
        top: LANES_TOP + lanesHeight(viewport) + 30,
        showDetail: false,
        showDataShadow: false,
        borderColor: colors.line,
        backgroundColor: "transparent",
        fillerColor: colors.line,
        handleStyle: { color: colors.background, borderColor: colors.muted },
        moveHandleStyle: { color: colors.muted },
        brushSelect: false,
      },
    ];
  };

  /** Which bars waited for which, with lanes counted as those shown. */
  const links = (timeline) =>
    timeline.links.map(([from, end, to, start]) => [end, from - timeline.firstLane, start, to - timeline.firstLane]);

  /** @param draws `tip(index)`: an element about a bar, `bar(params, api)`: the shapes of one, `link(params, api)`: a line between two */
  const make = (run, timeline, viewport, colors, draws) => {
    const label = { color: colors.muted, fontFamily: colors.font, fontSize: 11 };
    // room for numbers of lanes, or for names of nodes with numbers
    const sides = { left: timeline.names ? 176 : 84, right: 14 };
    const duration = Math.max(1, timeline.duration);
    const timeLabel = (value) => text.axis(value, viewport.range()[1] - viewport.range()[0]);
    return {
      animation: false,
      textStyle: { fontFamily: colors.font },
      aria: { enabled: false },
      tooltip: tooltip(colors, draws.tip),
      grid: [
        { ...sides, top: LOAD_TOP, height: LOAD_HEIGHT },
        { ...sides, top: LANES_TOP, height: lanesHeight(viewport) },
      ],
      xAxis: [
        timeAxis(0, duration, colors, { axisLabel: { show: false }, axisTick: { show: false }, splitLine: { show: false } }),
        timeAxis(1, duration, colors, { axisLabel: { ...label, hideOverlap: true, formatter: timeLabel } }),
      ],
      yAxis: [loadAxis(Math.max(run.slots, limits.highest(timeline.limits)), timeline.load, colors, label), laneAxis(timeline, viewport.laneCount(), colors, label)],
      dataZoom: zooms(viewport, colors),
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
          data: loadPoints(timeline),
        },
        {
          type: "custom",
          xAxisIndex: 1,
          yAxisIndex: 1,
          renderItem: draws.bar,
          clip: true,
          encode: { x: [bar.START], y: bar.LANE },
          // of equal length, whatever a bar says beyond that
          data: timeline.bars.map((each) => each.slice(0, bar.COUNT)),
        },
        { type: "custom", xAxisIndex: 1, yAxisIndex: 1, renderItem: draws.link, clip: true, silent: true, z: 3, encode: { x: [0, 2], y: [1, 3] }, data: links(timeline) },
        ...limits.series(timeline.limits, duration, colors),
      ],
    };
  };

  return { height, laneLabel, loadPoints, make };
})();
