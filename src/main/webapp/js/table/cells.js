/* The columns of the table, by the names that the server sorts by, and what is in their cells. */
(window.ConcurrencySteps ||= {}).tableCells = (isOpen) => {
  "use strict";

  const { make, mark } = ConcurrencySteps.dom;
  const text = ConcurrencySteps.text;
  const t = text.t;
  const { INDEX, NAME, OUTCOME, ERROR, MESSAGE, ATTEMPTS, LANE, START, MILLIS, CODE } = ConcurrencySteps.columns.row;

  const outcome = (row) =>
    make(
      "button",
      { type: "button", class: "cs-link cs-toggle", "aria-expanded": String(isOpen(row[INDEX])), "data-index": row[INDEX] },
      make("span", { class: "cs-toggle__arrow", "aria-hidden": "true" }),
      mark(row[OUTCOME]),
      text.outcome(row[OUTCOME]),
      make("span", { class: "cs-hidden" }, " – " + t("details of {0}", row[NAME])),
    );

  const name = (row) => make("span", { class: "cs-clip", title: row[NAME] }, row[NAME]);

  const error = (row) =>
    row[ERROR] &&
    make("span", { class: "cs-clip", title: row[MESSAGE] }, make("strong", {}, row[ERROR]), " " + row[MESSAGE].split("\n")[0]);

  const attempts = (row) => (row[ATTEMPTS] > 1 ? make("span", { class: "cs-count" }, mark("retried"), row[ATTEMPTS]) : row[ATTEMPTS]);

  return [
    { name: "outcome", title: t("Outcome"), cell: outcome },
    { name: "name", title: t("Branch"), class: "cs-name", cell: name },
    { name: "error", title: t("Error"), class: "cs-error", cell: error },
    { name: "attempts", title: t("Attempts"), class: "cs-number", cell: attempts },
    { name: "lane", title: t("Lane"), class: "cs-number", cell: (row) => row[LANE] || "–" },
    { name: "start", title: t("Start"), class: "cs-number", cell: (row) => (row[ATTEMPTS] ? text.duration(Math.max(0, row[START])) : "–") },
    { name: "duration", title: t("Duration"), class: "cs-number", cell: (row) => text.duration(row[MILLIS]) },
    { name: "code", title: t("Code"), class: "cs-number", cell: (row) => row[CODE] ?? "–" },
  ];
};
