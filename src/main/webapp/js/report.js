/* Starts the page in a file of its own. */
(() => {
  "use strict";
  const data = JSON.parse(document.getElementById("concurrency-data").textContent);
  const root = document.getElementById("concurrency");
  const { t, number } = ConcurrencySteps.text;
  const ended = data.runs.reduce((sum, run) => sum + ConcurrencySteps.steps.ended(run.summary), 0);
  const shown = data.runs.reduce((sum, run) => sum + run.rows.length, 0);
  if (shown < ended) {
    const note = document.createElement("p");
    note.className = "cs-muted";
    note.textContent = t("This file has {0} of {1} branches, failed ones first. The downloads in Jenkins have all.", number(shown), number(ended));
    root.before(note);
  }
  ConcurrencySteps.current = ConcurrencySteps.page(root, ConcurrencySteps.reportSource(data));
})();
