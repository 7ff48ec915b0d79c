/* What bars look like: shapes for ECharts in a box of pixels. Height and place tell a kind without its colour. */
(window.ConcurrencySteps ||= {}).bars = (() => {
  "use strict";

  const { bar, kinds, isSeveral } = ConcurrencySteps.columns;

  const part = (box, height, from, style, colors) => ({
    type: "rect",
    shape: { x: box.x, y: box.y + box.height * from, width: box.width, height: Math.max(1, box.height * height), r: box.many ? 0 : Math.min(2, box.width / 2) },
    style: style,
    emphasis: { style: { stroke: colors.text, lineWidth: 2 } },
  });

  const cross = (box, colors) => {
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

  const shapes = {
    succeeded: (box, colors) => [part(box, 0.6, 0.2, { fill: colors.succeeded }, colors)],
    failed: (box, colors) => [part(box, 0.92, 0.04, { fill: colors.failed }, colors), ...cross(box, colors)],
    cancelled: (box, colors) => [part(box, 0.6, 0.2, { fill: colors.background, stroke: colors.cancelled, lineWidth: 1.5 }, colors)],
    retried: (box, colors) => [part(box, 0.34, 0.46, { fill: colors.retried }, colors)],
    span: (box, colors) => [part(box, 0.08, 0.46, { fill: colors.muted }, colors)],
  };

  /** Several bars in one place: each kind has its share of the width, and none that is rare gets lost. */
  const shares = (data, box, colors) => {
    const children = [];
    let used = 0;
    [["failed", data[bar.FAILED]], ["cancelled", data[bar.CANCELLED]], ["retried", data[bar.RETRIED]]].forEach(([kind, count]) => {
      const width = count ? Math.min(box.width - used, Math.max(2, (box.width * count) / data[bar.COUNT])) : 0;
      if (width > 0) {
        children.push(...shapes[kind]({ ...box, x: box.x + used, width: width }, colors));
        used += width;
      }
    });
    if (used < box.width) {
      children.push(...shapes.succeeded({ ...box, x: box.x + used, width: box.width - used }, colors));
    }
    return children;
  };

  /**
   * The box of a bar, or null if nothing of it is within the chart's own box.
   *
   * @param at the left and right end of the bar, the middle of its lane and how high that is
   */
  const boxOf = (data, at, chart) => {
    const many = isSeveral(data);
    const x = Math.max(at.left, chart.x);
    // never too narrow to be seen, and not touching the next one
    const end = at.left + Math.max(1.5, at.right - at.left - (many ? 0 : 0.5));
    const width = Math.min(end, chart.x + chart.width) - x;
    return width > 0 ? { x: x, y: at.middle - at.height / 2, width: width, height: at.height, many: many } : null;
  };

  const draw = (data, box, colors) => (box.many ? shares(data, box, colors) : shapes[kinds[data[bar.KIND]]](box, colors));

  /**
   * A line that says what waited for what, with a dot where it ends: over the bars, because it begins and ends at them. It
   * leaves the lane also where both are in the same one.
   */
  const link = (from, to, height, colors) => {
    const isSame = from.y === to.y;
    const [x1, x2] = isSame ? [from.x - 6, to.x + 6] : [from.x, to.x];
    const bend = isSame ? 0 : Math.max(12, (x2 - x1) / 2);
    const rise = isSame ? height * 0.8 : 0;
    const shape = { x1: x1, y1: from.y, cpx1: x1 + bend, cpy1: from.y - rise, cpx2: x2 - bend, cpy2: to.y - rise, x2: x2, y2: to.y };
    const line = (color, width) => ({ type: "bezierCurve", shape: shape, style: { fill: "none", stroke: color, lineWidth: width } });
    return {
      type: "group",
      silent: true,
      children: [
        line(colors.background, 4),
        line(colors.link, 1.6),
        { type: "circle", shape: { cx: x2, cy: to.y, r: 3 }, style: { fill: colors.link, stroke: colors.background, lineWidth: 1 } },
      ],
    };
  };

  return { boxOf, draw, link };
})();
