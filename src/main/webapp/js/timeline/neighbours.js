/* Which bar is beside another one. Bars are known by their place in the list; -1 is none. */
(window.ConcurrencySteps ||= {}).neighbours = (() => {
  "use strict";

  const { bar, SPAN } = ConcurrencySteps.columns;
  const { LANE, START, MILLIS, KIND, INDEX } = bar;

  const middle = (data) => data[START] + data[MILLIS] / 2;

  /** The one of those that match for which a number is smallest. */
  const least = (bars, matches, number) => {
    let best = -1;
    bars.forEach((data, i) => {
      if (data[KIND] !== SPAN && matches(data, i) && (best < 0 || number(data) < number(bars[best]))) {
        best = i;
      }
    });
    return best;
  };

  /** The bar of a lane whose middle is nearest to a time. */
  const nearest = (bars, lane, time) => least(bars, (data) => data[LANE] === lane, (data) => Math.abs(middle(data) - time));

  /** The next bar of the same lane to the right (1) or to the left (-1). */
  const beside = (bars, from, direction) => {
    const away = (data) => direction * (data[START] - bars[from][START]);
    return least(bars, (data, i) => i !== from && data[LANE] === bars[from][LANE] && away(data) > 0, away);
  };

  /** The first lane that has a bar, from one on in steps of 1 or -1, among those shown. */
  const inLanes = (bars, viewport, from, step, time) => {
    const end = viewport.firstLane() + viewport.laneCount();
    for (let lane = from; lane >= viewport.firstLane() && lane < end; lane += step) {
      const found = nearest(bars, lane, time);
      if (found >= 0) {
        return found;
      }
    }
    return -1;
  };

  /** Where an arrow key leads to: so many bars to the right, or else lanes down; from no bar to the first one shown. */
  const target = (bars, from, columns, rows, viewport) => {
    const current = bars[from];
    if (!current) {
      return inLanes(bars, viewport, viewport.firstLane(), 1, viewport.range()[0]);
    }
    return columns ? beside(bars, from, columns) : inLanes(bars, viewport, current[LANE] + rows, rows, middle(current));
  };

  /** The same bar in a newer list: of several attempts of a branch in one lane the one that began at that time. */
  const again = (bars, known) => {
    const isSame = (data) => data[INDEX] === known[INDEX] && data[LANE] === known[LANE];
    return least(bars, isSame, (data) => Math.abs(data[START] - known[START]));
  };

  return { nearest, target, again };
})();
