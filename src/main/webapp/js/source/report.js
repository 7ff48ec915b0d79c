/* Data of a page from the page itself: the part of the server where there is none. */
(window.ConcurrencySteps ||= {}).reportSource = (data) => {
  "use strict";

  const { INDEX, NAME, OUTCOME, ERROR, MESSAGE, ATTEMPTS, LANE, START, MILLIS, CODE } = ConcurrencySteps.columns.row;

  const find = (id) => data.runs.find((run) => run.summary.id === id);

  return {
    data: async (query) => {
      const run = find(query.run);
      const answer = { building: false, poll: 0, version: "", runs: data.runs.map((each) => each.summary) };
      if (run && query.width !== undefined) {
        answer.timeline = ConcurrencySteps.reportTimeline(run, query);
      }
      if (run && query.length !== undefined) {
        answer.table = ConcurrencySteps.reportTable(run, query);
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
