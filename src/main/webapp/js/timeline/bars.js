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

  /** A line that says what waited for what, with a dot where it ends; drawn over the bars, since it begins and ends at them. */
  const link = (x1, y1, x2, y2, colors) => {
    const bend = Math.max(12, (x2 - x1) / 2);
    const curve = { x1: x1, y1: y1, cpx1: x1 + bend, cpy1: y1, cpx2: x2 - bend, cpy2: y2, x2: x2, y2: y2 };
    return {
      type: "group",
      silent: true,
      children: [
        { type: "bezierCurve", shape: curve, style: { fill: "none", stroke: colors.link, lineWidth: 1.3, opacity: 0.8 } },
        { type: "circle", shape: { cx: x2, cy: y2, r: 2.5 }, style: { fill: colors.link } },
      ],
    };
  };

  return { boxOf, draw, link };
})();
