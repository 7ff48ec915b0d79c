/* The steps of a build, and the figures of one of them. */
(window.ConcurrencySteps ||= {}).steps = (() => {
  "use strict";

  const { make, mark } = ConcurrencySteps.dom;
  const text = ConcurrencySteps.text;
  const t = text.t;

  const OUTCOMES = ["succeeded", "failed", "cancelled", "skipped"];

  const ended = (run) => run.succeeded + run.failed + run.cancelled + run.skipped;

  const states = { running: t("Running"), finished: t("Finished"), failed: t("Failed"), interrupted: t("Interrupted") };

  const badge = (run) => make("span", { class: "cs-badge cs-badge--" + run.state }, states[run.state] || run.state);

  const share = (run) => {
    const total = Math.max(run.total, ended(run), 1);
    const label = OUTCOMES
      .filter((outcome) => run[outcome])
      .map((outcome) => text.count(run[outcome], outcome))
      .join(", ");
    const part = (outcome) => {
      const bar = make("span", { class: "cs-share__part cs-share__part--" + outcome });
      // by the object model, which a Content-Security-Policy without inline styles allows
      bar.style.width = (run[outcome] ? Math.max(1.5, (100 * run[outcome]) / total) : 0) + "%";
      return bar;
    };
    return make("div", { class: "cs-share", role: "img", "aria-label": label || t("none has ended") }, OUTCOMES.map(part));
  };

  const branches = (run) => {
    const done = text.number(ended(run));
    return run.total < 0 || run.total === ended(run) ? done : t("{0} of {1}", done, text.number(run.total));
  };

  const count = (outcome, value) =>
    value ? make("span", { class: "cs-count" }, mark(outcome), text.number(value)) : make("span", { class: "cs-muted" }, "–");

  /** The table of steps; `select` gets the id of the one that is chosen. */
  const list = (select) => {
    const body = make("tbody");
    const heads = [t("Step"), t("State"), t("Branches"), "", t("Failed"), t("Retried"), t("Duration"), t("Throughput"), t("Busy")];
    const element = make(
      "div",
      { class: "cs-scroll" },
      make(
        "table",
        { class: "jenkins-table jenkins-!-margin-bottom-0 cs-steps" },
        make("caption", { class: "cs-hidden" }, t("Steps of this build")),
        make("thead", {}, make("tr", {}, heads.map((head) => (head ? make("th", { scope: "col" }, head) : make("td", {}))))),
        body,
      ),
    );
    const row = (run, selected) =>
      make(
        "tr",
        { class: selected ? "cs-steps__selected" : "", click: () => select(run.id) },
        make(
          "td",
          {},
          make(
            "button",
            { type: "button", class: "cs-link", "aria-pressed": String(selected), "data-run": run.id },
            run.name,
          ),
          run.name === run.step ? null : make("span", { class: "cs-muted cs-steps__function" }, run.step),
        ),
        make("td", {}, badge(run)),
        make("td", { class: "cs-number" }, branches(run)),
        make("td", {}, share(run)),
        make("td", { class: "cs-number" }, count("failed", run.failed)),
        make("td", { class: "cs-number" }, count("retried", run.retried)),
        make("td", { class: "cs-number" }, text.duration(run.millis)),
        make("td", { class: "cs-number" }, text.rate(run.perSecond)),
        make("td", { class: "cs-number" }, text.percent(run.busy)),
      );
    const update = (runs, selected) => {
      const focused = body.contains(document.activeElement) ? document.activeElement.dataset.run : null;
      body.replaceChildren(...runs.map((run) => row(run, run.id === selected)));
      if (focused) {
        body.querySelector("[data-run='" + CSS.escape(focused) + "']")?.focus();
      }
    };
    return { element, update };
  };

  const tile = (label, value, note) =>
    make(
      "div",
      { class: "cs-tile" },
      make("dt", {}, label),
      make("dd", {}, value, note ? make("span", { class: "cs-tile__note" }, note) : null),
    );

  /** The figures of a step. */
  const figures = () => {
    const element = make("dl", { class: "cs-tiles" });
    const update = (run) => {
      element.replaceChildren(
        tile(t("Branches"), branches(run), run.total < 0 ? t("total not known yet") : null),
        tile(t("Succeeded"), count("succeeded", run.succeeded)),
        tile(t("Failed"), count("failed", run.failed)),
        ...(run.cancelled ? [tile(t("Cancelled"), count("cancelled", run.cancelled), run.stopped)] : []),
        ...(run.skipped ? [tile(t("Skipped"), count("skipped", run.skipped))] : []),
        ...(run.retried ? [tile(t("Retried"), count("retried", run.retried))] : []),
        tile(t("Duration"), text.duration(run.millis)),
        tile(t("Throughput"), text.rate(run.perSecond)),
        tile(t("Busy"), text.percent(run.busy), t("of {0}", text.plural(run.slots, run.lanes))),
        tile(t("Median branch"), text.duration(run.median), t("95 % in {0}", text.duration(run.slow)) + "\n" + t("slowest {0}", text.duration(run.slowest))),
      );
    };
    return { element, update };
  };

  return { list, figures, badge, ended };
})();
