/* The table of a step's branches: DataTables over data that come in pages. */
(window.ConcurrencySteps ||= {}).table = (page) => {
  "use strict";

  const { make } = ConcurrencySteps.dom;
  const text = ConcurrencySteps.text;
  const t = text.t;
  const { INDEX } = ConcurrencySteps.columns.row;

  let run = null;
  let api = null;
  const opened = new Map();
  const query = ConcurrencySteps.tableQuery();

  const filters = ConcurrencySteps.tableFilters(
    (change) => {
      query.setFilter(change);
      filters.update(run, query.filter());
      api.draw();
    },
    (wanted) => api.search(wanted).draw(),
  );
  const table = make("table", { class: "jenkins-table cs-branches" });
  const element = make(
    "section",
    { class: "cs-table", "aria-label": t("Branches") },
    make("div", { class: "cs-bar" }, make("h3", {}, t("Branches")), filters.element),
    make("div", { class: "cs-scroll" }, table),
  );

  const fetchPage = (data, done) => {
    const asked = query.ask(data);
    const answer = (found) =>
      done({ draw: data.draw, recordsTotal: found.total, recordsFiltered: found.matching, data: found.rows });
    const fresh = query.take();
    if (fresh) {
      answer(fresh);
    } else {
      page.load(asked).then((found) => found?.table && query.isAsked(asked) && answer(found.table));
    }
  };

  const start = () => {
    DataTable.ext.errMode = "none";
    api = new DataTable(table, {
      serverSide: true,
      ajax: fetchPage,
      autoWidth: false,
      pageLength: query.current().length,
      lengthMenu: [10, 25, 50, 100, 250],
      order: [[0, "asc"]],
      orderMulti: false,
      columns: ConcurrencySteps.tableCells((index) => opened.has(index)).map((column) => ({
        name: column.name,
        title: column.title,
        className: column.class || "",
        data: null,
        render: (value, type, row) => (type === "display" ? (column.cell(row) ?? "") : ""),
      })),
      createdRow: (element) => element.classList.add("cs-branches__row"),
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

  /** Rows are made anew with every page; what was open is again. */
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

  /** Shows another step. */
  const select = () => {
    run = null;
    query.reset();
    filters.reset();
    opened.clear();
    if (api) {
      api.search("").order([0, "asc"]);
      api.page(0);
    }
  };

  const update = (summary, found, question) => {
    const first = run === null;
    const changed = query.keep(found, question) || first;
    run = summary;
    filters.update(run, query.filter());
    if (!api) {
      start();
    } else if (changed) {
      keepingFocus(() => api.draw(first ? "full-reset" : "page"));
    }
    api.column("lane:name").header().querySelector(".dt-column-title").textContent = text.laneTitle(run.lanes);
  };

  return { element, select, query: query.current, update };
};
