/* What stands where in the arrays that come instead of objects: rows of the table, bars of the timeline. */
(window.ConcurrencySteps ||= {}).columns = (() => {
  "use strict";

  const row = { INDEX: 0, NAME: 1, OUTCOME: 2, ERROR: 3, MESSAGE: 4, ATTEMPTS: 5, LANE: 6, START: 7, MILLIS: 8, CODE: 9 };

  /** The last four only where a bar is several that are too narrow to be told apart. */
  const bar = { LANE: 0, START: 1, MILLIS: 2, KIND: 3, INDEX: 4, COUNT: 5, FAILED: 6, CANCELLED: 7, RETRIED: 8 };

  const kinds = ["succeeded", "failed", "cancelled", "retried", "span"];

  /** Not an attempt but all of a retried branch, pauses included; no bar to go to. */
  const SPAN = 4;

  const isSeveral = (data) => data[bar.COUNT] > 1;

  return { row, bar, kinds, SPAN, isSeveral };
})();
