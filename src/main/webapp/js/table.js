/* The table of a step's branches: DataTables over data that come in pages. */
window.ConcurrencySteps = window.ConcurrencySteps || {};

ConcurrencySteps.table = (page) => {
  "use strict";

  const { make, mark } = ConcurrencySteps.dom;
  const text = ConcurrencySteps.text;
  const t = text.t;

  const INDEX = 0, NAME = 1, OUTCOME = 2, ERROR = 3, MESSAGE = 4, ATTEMPTS = 5, LANE = 6, START = 7, MILLIS = 8, CODE = 9;
  const SORTS = ["outcome", "name", "error", "attempts", "lane", "start", "duration", "code"];

  let run = null;
  let fresh = null; // what came with the news, and for which question
  let filter = { outcome: "", error: "", retried: "" };
  const opened = new Map();

  const columns = [
    { title: t("Outcome"), cell: (row) => outcome(row) },
    { title: t("Branch"), class: "cs-name", cell: (row) => make("span", { class: "cs-clip", title: row[NAME] }, row[NAME]) },
    { title: t("Error"), class: "cs-error", cell: (row) => error(row) },
    { title: t("Attempts"), class: "cs-number", cell: (row) => (row[ATTEMPTS] > 1 ? make("span", { class: "cs-count" }, mark("retried"), row[ATTEMPTS]) : row[ATTEMPTS]) },
    { title: t("Lane"), class: "cs-number", cell: (row) => row[LANE] || "–" },
    { title: t("Start"), class: "cs-number", cell: (row) => (row[ATTEMPTS] ? text.duration(Math.max(0, row[START])) : "–") },
    { title: t("Duration"), class: "cs-number", cell: (row) => text.duration(row[MILLIS]) },
    { title: t("Code"), class: "cs-number", cell: (row) => row[CODE] ?? "–" },
  ];

  const outcome = (row) =>
    make(
      "button",
      { type: "button", class: "cs-link cs-toggle", "aria-expanded": String(opened.has(row[INDEX])), "data-index": row[INDEX] },
      make("span", { class: "cs-toggle__arrow", "aria-hidden": "true" }),
      mark(row[OUTCOME]),
      text.outcome(row[OUTCOME]),
      make("span", { class: "cs-hidden" }, " – " + t("details of {0}", row[NAME])),
    );

  const error = (row) =>
    row[ERROR] &&
    make("span", { class: "cs-clip", title: row[MESSAGE] }, make("strong", {}, row[ERROR]), " " + row[MESSAGE].split("\n")[0]);

  const search = make("input", { type: "search", class: "jenkins-input cs-search", placeholder: t("Search names and errors"), "aria-label": t("Search names and errors"), input: () => typed() });
  const errors = make("select", { class: "jenkins-select__input", "aria-label": t("Error type"), change: () => setFilter({ error: errors.value }) });
  const chips = make("div", { class: "cs-chips", role: "group", "aria-label": t("Outcome") });
  const table = make("table", { class: "jenkins-table cs-branches" });
  const element = make(
    "section",
    { class: "cs-table", "aria-label": t("Branches") },
    make(
      "div",
      { class: "cs-bar" },
      make("h3", {}, t("Branches")),
      make("div", { class: "cs-group cs-noprint cs-filters" }, chips, make("div", { class: "jenkins-select" }, errors), search),
    ),
    make("div", { class: "cs-scroll" }, table),
  );

  let api = null;
  let typing = 0;

  const typed = () => {
    clearTimeout(typing);
    typing = setTimeout(() => api.search(search.value.trim()).draw(), 200);
  };

  const setFilter = (change) => {
    filter = { ...filter, ...change };
    showFilters();
    api.draw();
  };

  const question = (data) => {
    const order = data.order[0] || { column: 0, dir: "asc" };
    const parameters = { start: data.start, length: data.length, sort: SORTS[order.column], order: order.dir };
    if (data.search.value) {
      parameters.search = data.search.value;
    }
    Object.entries(filter).forEach(([name, value]) => value && (parameters[name] = value));
    return parameters;
  };

  let asked = null;

  /** What to ask for. */
  const query = () => asked || { start: 0, length: 25, sort: "outcome", order: "asc" };

  const fetchPage = (data, done) => {
    asked = question(data);
    const mine = JSON.stringify(asked);
    const answer = (found) =>
      done({ draw: data.draw, recordsTotal: found.total, recordsFiltered: found.matching, data: found.rows });
    if (!run) {
      answer({ total: 0, matching: 0, rows: [] });
    } else if (fresh && fresh.question === mine) {
      fresh.question = null; // once; what is asked later may have changed
      answer(fresh.table);
    } else {
      page.load(asked).then((found) => {
        if (found?.table && JSON.stringify(asked) === mine) {
          answer(found.table);
        }
      });
    }
  };

  const start = () => {
    DataTable.ext.errMode = "none";
    api = new DataTable(table, {
      serverSide: true,
      ajax: fetchPage,
      autoWidth: false,
      pageLength: 25,
      lengthMenu: [10, 25, 50, 100, 250],
      order: [[0, "asc"]],
      orderMulti: false,
      columns: columns.map((column) => ({
        title: column.title,
        className: column.class || "",
        data: null,
        render: (value, type, row) => (type === "display" ? (column.cell(row) ?? "") : ""),
      })),
      createdRow: (element, row) => element.classList.add("cs-branches__row"),
      layout: { topStart: null, topEnd: null, bottomStart: "info", bottomEnd: ["pageLength", "paging"] },
      language: {
        thousands: text.number(10000).replace(/\d/g, ""),
        info: t("{0} of {1}", "_START_–_END_", "_TOTAL_"),
        infoFiltered: "(" + t("filtered from {0}", "_MAX_") + ")",
        infoEmpty: t("None"),
        emptyTable: t("No branch has ended yet"),
        zeroRecords: t("No branch matches"),
        lengthMenu: t("{0} a page", "_MENU_"),
        paginate: { first: "«", previous: "‹", next: "›", last: "»" },
      },
    });
    table.addEventListener("click", toggled);
    api.on("draw", reopen);
  };

  const toggled = (event) => {
    const row = event.target.closest("tr.cs-branches__row");
    if (!row || event.target.closest("a") || String(getSelection())) {
      return;
    }
    const index = api.row(row).data()[INDEX];
    const button = row.querySelector(".cs-toggle");
    if (opened.delete(index)) {
      api.row(row).child.remove();
    } else {
      const place = make("div", { class: "cs-branches__detail" }, ConcurrencySteps.detail.later(page.branch(index), run.lanes));
      opened.set(index, place);
      api.row(row).child(place).show();
    }
    button.setAttribute("aria-expanded", String(opened.has(index)));
  };

  /** Rows are made anew with every page; what was open is again, and the focus where it was. */
  const reopen = () => {
    const onPage = new Set();
    api.rows().every(function every() {
      const index = this.data()[INDEX];
      onPage.add(index);
      if (opened.has(index)) {
        this.child(opened.get(index)).show();
      }
    });
    [...opened.keys()].filter((index) => !onPage.has(index)).forEach((index) => opened.delete(index));
  };

  const keepingFocus = (action) => {
    const focused = table.contains(document.activeElement) ? document.activeElement.dataset.index : null;
    action();
    if (focused) {
      table.querySelector("[data-index='" + Number(focused) + "']")?.focus({ preventScroll: true });
    }
  };

  const showFilters = () => {
    const focused = chips.contains(document.activeElement) ? document.activeElement.dataset.filter : null;
    const chip = (label, count, kind, on, change) =>
      make(
        "button",
        { type: "button", class: "cs-chip", "aria-pressed": String(on), "data-filter": label, click: () => setFilter(change) },
        kind ? mark(kind) : null,
        label,
        make("span", { class: "cs-chip__count" }, text.number(count)),
      );
    const one = (outcome) => ({ outcome: outcome, retried: "" });
    chips.replaceChildren(
      chip(t("All"), ConcurrencySteps.steps.ended(run), null, !filter.outcome && !filter.retried, one("")),
      ...["failed", "cancelled", "succeeded"]
        .filter((outcome) => run[outcome] || filter.outcome === outcome)
        .map((outcome) => chip(text.outcome(outcome), run[outcome], outcome, filter.outcome === outcome, one(outcome))),
      ...(run.retried || filter.retried
        ? [chip(t("Retried"), run.retried, "retried", Boolean(filter.retried), { outcome: "", retried: "true" })]
        : []),
    );
    if (focused) {
      chips.querySelector("[data-filter='" + focused + "']")?.focus();
    }
    const types = Object.keys(run.errors).sort();
    if (filter.error && !types.includes(filter.error)) {
      types.push(filter.error);
    }
    const known = types.map((type) => type + run.errors[type]).join();
    if (errors.dataset.known !== known) {
      errors.dataset.known = known;
      errors.replaceChildren(
        make("option", { value: "" }, t("All errors")),
        ...types.map((type) => make("option", { value: type }, type + " (" + text.number(run.errors[type] || 0) + ")")),
      );
      errors.value = filter.error;
    }
  };

  /** Shows another step. */
  const select = () => {
    run = null;
    fresh = null;
    filter = { outcome: "", error: "", retried: "" };
    search.value = "";
    opened.clear();
    if (api) {
      api.search("").order([0, "asc"]);
      api.page(0);
    }
    asked = null;
  };

  const update = (summary, found, query) => {
    const first = run === null;
    const changed = first || JSON.stringify(found) !== JSON.stringify(fresh?.table);
    run = summary;
    fresh = { question: JSON.stringify(query), table: found };
    showFilters();
    if (!api) {
      start();
    } else if (changed) {
      keepingFocus(() => api.draw(first ? "full-reset" : "page"));
    }
    api.column(4).header().querySelector(".dt-column-title").textContent = text.laneTitle(run.lanes);
  };

  return { element, select, query, update };
};
