/* The adaptive limits of hosts over time: lines above the load, and the same in words. */
(window.ConcurrencySteps ||= {}).timelineLimits = (() => {
  "use strict";

  const { make } = ConcurrencySteps.dom;
  const text = ConcurrencySteps.text;
  const t = text.t;

  const DASHES = ["dashed", "dotted", [8, 3, 2, 3]];

  const values = (line) => line.points.map(([, limit]) => limit);

  /** What the axis needs room for. */
  const highest = (lines) => Math.max(0, ...lines.flatMap(values));

  /** What ECharts draws; each line goes on to the end of the step. */
  const series = (lines, duration, colors) =>
    lines.map((line, i) => ({
      type: "line",
      xAxisIndex: 0,
      yAxisIndex: 0,
      step: "end",
      silent: true,
      symbol: "none",
      lineStyle: { width: 1.5, color: colors.link, type: DASHES[i % DASHES.length] },
      endLabel: { show: lines.length > 1, formatter: String(i + 1), color: colors.link, offset: [-12, -8] }, // its number in the list
      data: [...line.points, [Math.max(duration, line.points.at(-1)[0]), line.points.at(-1)[1]]],
    }));

  const name = ({ origin, node }) => (node ? t("{0} from {1}", origin, node) : origin);

  /** A line in words. */
  const sentence = (line) => {
    const all = values(line).map(text.number);
    const [least, most] = [Math.min, Math.max].map((choose) => text.number(choose(...values(line))));
    return t("{0}: {1} at once at first, {2} at last, between {3} and {4}", name(line), all[0], all.at(-1), least, most);
  };

  /** All lines in words; nothing where there are none. */
  const list = (lines) =>
    lines.length
      ? make("div", { class: "cs-limits" }, make("h4", {}, t("Limits found")), make(lines.length > 1 ? "ol" : "ul", {}, lines.map((line) => make("li", {}, sentence(line)))))
      : "";

  return { highest, series, sentence, list };
})();
