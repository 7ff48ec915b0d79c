/* A part of a timeline, made here as the server makes it: bars too narrow to be told apart are put together. */
(window.ConcurrencySteps ||= {}).reportTimeline = (() => {
  "use strict";

  const { SPAN } = ConcurrencySteps.columns;
  const MAX_BARS = 5000;
  const MIN_PIXELS = 3;
  const PIXELS_OF_LOAD = 4;
  const [SUCCEEDED, FAILED, CANCELLED, RETRIED] = [0, 1, 2, 3];
  const WORST_FIRST = [FAILED, CANCELLED, RETRIED, SUCCEEDED, SPAN];

  const each = (run, action) => {
    for (let i = 0; i < run.bars.length; i += 5) {
      const [index, lane, start, millis, kind] = run.bars.slice(i, i + 5);
      action({ index, lane, start, millis, kind, end: start + millis });
    }
  };

  /** Spreads the time that a bar takes over the columns of the load. */
  const addLoad = (load, { from, to }, { start, end }) => {
    const column = (to - from) / load.length;
    const left = Math.max(0, (start - from) / column);
    const right = Math.min(load.length, (end - from) / column);
    for (let c = Math.floor(left); c < right; c++) {
      load[c] += Math.min(c + 1, right) - Math.max(c, left);
    }
  };

  const addToCell = (cells, place, { index, lane, start, end, kind }) => {
    const cell = cells.get(place) || { lane, start, end, kinds: [0, 0, 0, 0, 0], index };
    cells.set(place, cell);
    cell.start = Math.min(cell.start, start);
    cell.end = Math.max(cell.end, end);
    if (!cell.kinds[FAILED]) {
      cell.index = index;
    }
    cell.kinds[kind]++;
  };

  const barOf = ({ lane, start, end, index, kinds }) => {
    const worst = WORST_FIRST.find((kind) => kinds[kind]);
    const count = kinds[SUCCEEDED] + kinds[FAILED] + kinds[CANCELLED] + kinds[RETRIED];
    const several = count > 1 ? [count, kinds[FAILED], kinds[CANCELLED], kinds[RETRIED]] : [];
    return [lane, start, end - start, worst, index, ...several];
  };

  return (run, query) => {
    const duration = run.summary.millis;
    const from = Math.min(query.from || 0, duration);
    const to = Math.max(from + 1, query.to ?? duration);
    const firstLane = query.lane;
    const lanes = Math.min(query.lanes, run.lanes - firstLane);
    const cellMillis = ((to - from) * Math.max(MIN_PIXELS, (Math.max(1, lanes) * query.width) / MAX_BARS)) / query.width;
    const load = new Array(Math.floor(query.width / PIXELS_OF_LOAD)).fill(0);
    const busyMillis = new Array(Math.max(0, lanes)).fill(0);
    const bars = [];
    const cells = new Map();
    each(run, (bar) => {
      const { index, lane, start, millis, kind, end } = bar;
      const hasLane = lane >= firstLane && lane < firstLane + lanes;
      if (hasLane && kind !== SPAN) {
        busyMillis[lane - firstLane] += millis;
      }
      if (end < from || start > to) {
        return;
      }
      if (kind !== SPAN) {
        addLoad(load, { from, to }, bar);
      }
      if (hasLane && millis >= cellMillis) {
        bars.push([lane, start, millis, kind, index]);
      } else if (hasLane) {
        addToCell(cells, lane + "/" + Math.floor(Math.max(0, start - from) / cellMillis), bar);
      }
    });
    cells.forEach((cell) => bars.push(barOf(cell)));
    const busy = busyMillis.map((millis) => Math.round((100 * millis) / Math.max(1, duration)));
    const names = run.names.length ? run.names.slice(firstLane, firstLane + lanes) : undefined;
    return { from, to, firstLane, bars, load, duration, lanes: run.lanes, busy, names, links: run.links, limits: run.limits };
  };
})();
