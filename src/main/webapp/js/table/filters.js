/* What narrows the table: an outcome, a type of error, a text. */
(window.ConcurrencySteps ||= {}).tableFilters = (filter, search) => {
  "use strict";

  const { make, mark } = ConcurrencySteps.dom;
  const text = ConcurrencySteps.text;
  const t = text.t;

  let typing = 0;

  const typed = () => {
    clearTimeout(typing);
    typing = setTimeout(() => search(field.value.trim()), 200);
  };

  const field = make("input", { type: "search", class: "jenkins-input cs-search", placeholder: t("Search names and errors"), "aria-label": t("Search names and errors"), input: typed });
  const errors = make("select", { class: "jenkins-select__input", "aria-label": t("Error type"), change: () => filter({ error: errors.value }) });
  const chips = make("div", { class: "cs-chips", role: "group", "aria-label": t("Outcome") });
  const element = make("div", { class: "cs-group cs-noprint cs-filters" }, chips, make("div", { class: "jenkins-select" }, errors), field);

  const chip = (label, count, kind, on, change) =>
    make(
      "button",
      { type: "button", class: "cs-chip", "aria-pressed": String(on), "data-filter": label, click: () => filter(change) },
      kind ? mark(kind) : null,
      label,
      make("span", { class: "cs-chip__count" }, text.number(count)),
    );

  const showChips = (run, chosen) => {
    const focused = chips.contains(document.activeElement) ? document.activeElement.dataset.filter : null;
    const one = (outcome) => ({ outcome: outcome, retried: "" });
    chips.replaceChildren(
      chip(t("All"), ConcurrencySteps.steps.ended(run), null, !chosen.outcome && !chosen.retried, one("")),
      ...["failed", "cancelled", "skipped", "succeeded"]
        .filter((outcome) => run[outcome] || chosen.outcome === outcome)
        .map((outcome) => chip(text.outcome(outcome), run[outcome], outcome, chosen.outcome === outcome, one(outcome))),
      ...(run.retried || chosen.retried
        ? [chip(t("Retried"), run.retried, "retried", Boolean(chosen.retried), { outcome: "", retried: "true" })]
        : []),
    );
    if (focused) {
      chips.querySelector("[data-filter='" + CSS.escape(focused) + "']")?.focus();
    }
  };

  /** The list is made anew only if it has changed: it may be open. */
  const showErrors = (run, chosen) => {
    const types = Object.keys(run.errors).sort();
    if (chosen && !types.includes(chosen)) {
      types.push(chosen);
    }
    const known = types.map((type) => type + run.errors[type]).join();
    if (errors.dataset.known !== known) {
      errors.dataset.known = known;
      errors.replaceChildren(
        make("option", { value: "" }, t("All errors")),
        ...types.map((type) => make("option", { value: type }, type + " (" + text.number(run.errors[type] || 0) + ")")),
      );
    }
    if (errors.value !== chosen) {
      errors.value = chosen;
    }
  };

  const update = (run, chosen) => {
    showChips(run, chosen);
    showErrors(run, chosen.error);
  };

  const reset = () => {
    clearTimeout(typing);
    field.value = "";
  };

  return { element, update, reset };
};
