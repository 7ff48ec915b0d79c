/* A page of the table, searched and sorted here as a server would. */
(window.ConcurrencySteps ||= {}).reportTable = (() => {
  "use strict";

  const { INDEX, NAME, OUTCOME, ERROR, MESSAGE, ATTEMPTS, LANE, START, MILLIS, CODE } = ConcurrencySteps.columns.row;
  const RANK = { failed: 0, cancelled: 1, skipped: 2, succeeded: 3 };
  const KEYS = {
    outcome: (row) => RANK[row[OUTCOME]],
    name: (row) => row[NAME].toLowerCase(),
    error: (row) => row[ERROR] || "\uffff",
    attempts: (row) => row[ATTEMPTS],
    lane: (row) => row[LANE],
    start: (row) => row[START],
    duration: (row) => row[MILLIS],
    code: (row) => row[CODE] ?? -Infinity,
  };

  return (run, query) => {
    const wanted = (query.search || "").toLowerCase();
    const rows = run.rows.filter(
      (row) =>
        (!query.outcome || row[OUTCOME] === query.outcome) &&
        (!query.error || row[ERROR] === query.error) &&
        (!query.retried || row[ATTEMPTS] > 1) &&
        (!wanted || row[NAME].toLowerCase().includes(wanted) || row[MESSAGE].toLowerCase().includes(wanted)),
    );
    const key = KEYS[query.sort] || KEYS.outcome;
    const sign = query.order === "desc" ? -1 : 1;
    rows.sort((a, b) => {
      const [x, y] = [key(a), key(b)];
      return x < y ? -sign : x > y ? sign : a[INDEX] - b[INDEX];
    });
    return { total: run.rows.length, matching: rows.length, rows: rows.slice(query.start, query.start + query.length) };
  };
})();
