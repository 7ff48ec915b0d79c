/* Which lanes and which time of a timeline are shown, how large, and what the server is asked for. Times are milliseconds. */
(window.ConcurrencySteps ||= {}).viewport = () => {
  "use strict";

  const MAX_LANES = 64;
  const MIN_SPAN = 20;
  const CELLS = 200; // widths are asked for in steps of so many pixels

  let whole = { lanes: 1, duration: 1 };
  let firstLane = 0;
  let zoomed = null; // from and to, or null for all of it

  /** How much there is. */
  const holds = (lanes, duration) => {
    whole = { lanes: lanes, duration: Math.max(1, duration) };
  };

  const reset = () => {
    holds(1, 1);
    firstLane = 0;
    zoomed = null;
  };

  const laneCount = () => Math.min(MAX_LANES, Math.max(1, whole.lanes - firstLane));

  const laneHeight = () => {
    const lanes = laneCount();
    return lanes <= 12 ? 26 : lanes <= 24 ? 18 : lanes <= 40 ? 13 : 10;
  };

  const range = () => zoomed || [0, whole.duration];

  /** Shows a range that lies within what there is and is not too short to be drawn; all of it without one. */
  const show = (wanted) => {
    const [from, to] = wanted || [0, whole.duration];
    const span = Math.min(whole.duration, Math.max(MIN_SPAN, to - from));
    const begin = Math.max(0, Math.min(from, whole.duration - span));
    zoomed = span >= whole.duration ? null : [begin, begin + span];
  };

  /** Makes the range so many times as long. What is in its middle, or at the time given, stays where it is. */
  const zoom = (factor, time) => {
    const [from, to] = range();
    const middle = time ?? (from + to) / 2;
    const left = middle - (middle - from) * factor;
    show([left, left + (to - from) * factor]);
  };

  /** Shows a bar with as much time before and after it. */
  const zoomTo = (start, millis) => {
    const margin = Math.max(MIN_SPAN, millis);
    show([start - margin, start + millis + margin]);
  };

  /** Moves by a part of the range. */
  const pan = (part) => {
    const [from, to] = range();
    const by = (to - from) * part;
    show([from + by, to + by]);
  };

  /** Goes so many pages of lanes further. */
  const scroll = (pages) => {
    const last = Math.floor((whole.lanes - 1) / MAX_LANES) * MAX_LANES;
    firstLane = Math.max(0, Math.min(last, firstLane + pages * MAX_LANES));
  };

  /** The width is rounded, so that windows of about the same size get the same answer, which is made once. */
  const query = (width) => {
    const parameters = { lane: firstLane, lanes: MAX_LANES, width: CELLS * Math.max(1, Math.round(width / CELLS)) };
    return zoomed ? { ...parameters, from: Math.floor(zoomed[0]), to: Math.ceil(zoomed[1]) } : parameters;
  };

  return {
    MIN_SPAN,
    holds,
    reset,
    laneCount,
    laneHeight,
    firstLane: () => firstLane,
    hasPages: () => whole.lanes > MAX_LANES,
    range,
    show,
    zoom,
    zoomTo,
    pan,
    scroll,
    query,
  };
};
