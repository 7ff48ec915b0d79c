/* Data of a page from the page itself: the part of the server where there is none. */
window.ConcurrencySteps = window.ConcurrencySteps || {};

ConcurrencySteps.reportSource = (data) => {
  "use strict";

  const INDEX = 0, NAME = 1, OUTCOME = 2, ERROR = 3, MESSAGE = 4, ATTEMPTS = 5, LANE = 6, START = 7, MILLIS = 8, CODE = 9;
  const RANK = { failed: 0, cancelled: 1, succeeded: 2 };
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

  const table = (run, query) => {
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

  /** As the server does: bars too narrow to be told apart are put together. */
  const timeline = (run, query) => {
    const duration = run.summary.millis;
    const from = Math.min(query.from || 0, duration);
    const to = Math.max(from + 1, query.to ?? duration);
    const lanes = Math.max(1, Math.min(query.lanes, run.lanes - query.lane));
    const cell = ((to - from) * Math.max(3, (lanes * query.width) / 5000)) / query.width;
    const load = new Array(Math.floor(query.width / 4)).fill(0);
    const column = (to - from) / load.length;
    const busy = new Array(Math.max(0, Math.min(run.lanes - query.lane, query.lanes))).fill(0);
    const bars = [];
    const cells = new Map();
    for (let i = 0; i < run.bars.length; i += 5) {
      const [index, lane, start, millis, kind] = run.bars.slice(i, i + 5);
      const end = start + millis;
      const shown = lane >= query.lane && lane < query.lane + query.lanes;
      if (shown && kind !== 4) {
        busy[lane - query.lane] += millis;
      }
      if (end < from || start > to) {
        continue;
      }
      if (kind !== 4) {
        const [left, right] = [Math.max(0, (start - from) / column), Math.min(load.length, (end - from) / column)];
        for (let c = Math.floor(left); c < right; c++) {
          load[c] += Math.min(c + 1, right) - Math.max(c, left);
        }
      }
      if (!shown) {
        continue;
      }
      if (millis >= cell) {
        bars.push([lane, start, millis, kind, index]);
        continue;
      }
      const place = lane + "/" + Math.floor(Math.max(0, start - from) / cell);
      const known = cells.get(place) || { lane, start, end, kinds: [0, 0, 0, 0, 0], index };
      cells.set(place, known);
      known.start = Math.min(known.start, start);
      known.end = Math.max(known.end, end);
      known.index = kind === 1 && !known.kinds[1] ? index : known.index;
      known.kinds[kind]++;
    }
    cells.forEach((known) => {
      const [succeeded, failed, cancelled, retried] = known.kinds;
      const worst = [1, 2, 3, 0, 4].find((kind) => known.kinds[kind]);
      const count = succeeded + failed + cancelled + retried;
      const several = count > 1 ? [count, failed, cancelled, retried] : [];
      bars.push([known.lane, known.start, known.end - known.start, worst, known.index, ...several]);
    });
    const percent = busy.map((millis) => Math.round((100 * millis) / Math.max(1, duration)));
    const names = run.names.length ? run.names.slice(query.lane, query.lane + query.lanes) : undefined;
    return { from, to, firstLane: query.lane, bars, load, duration, lanes: run.lanes, busy: percent, names };
  };

  const find = (id) => data.runs.find((run) => run.summary.id === id);

  return {
    data: async (query) => {
      const run = find(query.run);
      const answer = { building: false, poll: 0, version: "", runs: data.runs.map((each) => each.summary) };
      if (run && query.width !== undefined) {
        answer.timeline = timeline(run, query);
      }
      if (run && query.length !== undefined) {
        answer.table = table(run, query);
      }
      return answer;
    },
    branch: async (id, index) => {
      const run = find(id);
      const detail = run.details[index];
      if (detail) {
        return detail;
      }
      const row = run.rows.find((each) => each[INDEX] === index);
      return {
        index: index,
        name: row[NAME],
        outcome: row[OUTCOME],
        error: row[ERROR],
        message: row[MESSAGE],
        attempts: row[ATTEMPTS],
        lane: row[LANE],
        start: run.summary.start + row[START],
        millis: row[MILLIS],
        facts: row[CODE] === null ? {} : { code: row[CODE] },
        texts: {},
        files: {},
      };
    },
    downloads: () => [],
  };
};
