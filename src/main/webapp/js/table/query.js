/* What the table asks for, and which answer is the one to it. */
(window.ConcurrencySteps ||= {}).tableQuery = () => {
  "use strict";

  const NO_FILTER = { outcome: "", error: "", retried: "" };
  const FIRST = { start: 0, length: 25, sort: "outcome", order: "asc" };

  let filter = NO_FILTER;
  let asked = null;
  let fresh = null; // what came with the news
  let answered = null; // the question that it answers, until it was used

  const reset = () => {
    filter = NO_FILTER;
    asked = null;
    fresh = null;
    answered = null;
  };

  const setFilter = (change) => {
    filter = { ...filter, ...change };
  };

  /** Parameters for the server from what DataTables wants to draw, and the filter. */
  const ask = (wanted) => {
    const order = wanted.order[0] || { column: 0, dir: "asc" };
    asked = { start: wanted.start, length: wanted.length, sort: wanted.columns[order.column].name, order: order.dir };
    if (wanted.search.value) {
      asked.search = wanted.search.value;
    }
    Object.entries(filter).forEach(([name, value]) => value && (asked[name] = value));
    return asked;
  };

  /** What to ask for next. */
  const current = () => asked || FIRST;

  const isAsked = (question) => JSON.stringify(question) === JSON.stringify(asked);

  /** Keeps the answer that came with the news; returns whether it differs from the one before. */
  const keep = (table, question) => {
    const changed = JSON.stringify(table) !== JSON.stringify(fresh);
    fresh = table;
    answered = question;
    return changed;
  };

  /** That answer, if it is one to what is asked now; only once, since what is asked later may have changed. */
  const take = () => {
    if (!fresh || !answered || !isAsked(answered)) {
      return null;
    }
    answered = null;
    return fresh;
  };

  return { reset, filter: () => filter, setFilter, ask, current, isAsked, keep, take };
};
