/* Bars in words: for screen readers and for tips under the mouse. */
(window.ConcurrencySteps ||= {}).timelineWords = (() => {
  "use strict";

  const { bar, kinds, isSeveral } = ConcurrencySteps.columns;
  const { make, mark } = ConcurrencySteps.dom;
  const text = ConcurrencySteps.text;
  const t = text.t;

  const spoken = { succeeded: t("succeeded"), failed: t("failed"), cancelled: t("cancelled"), retried: t("attempt failed") };

  /** All about the whole timeline. */
  const title = (run, timeline) =>
    t("Timeline of {0}: {1}, {2}", run.name, text.plural(timeline.lanes, run.lanes), text.duration(timeline.duration));

  const failures = (data) => (data[bar.FAILED] ? [text.count(data[bar.FAILED], "failed")] : []);

  /** What is said of a bar; `branch` is not needed where it is several. */
  const sentence = (data, lanes, branch) =>
    [
      ...(isSeveral(data)
        ? [text.plural(data[bar.COUNT], "branch"), ...failures(data)]
        : [branch.name, spoken[kinds[data[bar.KIND]]] + (branch.error ? " (" + branch.error + ")" : "")]),
      text.lane(lanes, data[bar.LANE] + 1),
      text.duration(data[bar.MILLIS]),
    ].join(", ");

  const tipOfSeveral = (data) =>
    make(
      "div",
      {},
      make("strong", {}, text.plural(data[bar.COUNT], "branch")),
      make("div", {}, [...failures(data), t("within {0}", text.duration(data[bar.MILLIS]))].join(", ")),
      make("div", { class: "cs-muted" }, t("Click to zoom in")),
    );

  /** An element that tells a bar; what only the server knows is added when it comes. */
  const tip = (data, duration, load) => {
    if (isSeveral(data)) {
      return tipOfSeveral(data);
    }
    const kind = kinds[data[bar.KIND]];
    const name = make("strong", { class: "cs-tooltip__name" }, t("Branch {0}", data[bar.INDEX] + 1));
    const message = make("div", { class: "cs-tooltip__message" });
    const state = { span: t("Retried"), retried: t("Attempt failed") }[kind] || text.outcome(kind);
    load(data[bar.INDEX]).then((branch) => {
      name.textContent = branch.name;
      const attempts = branch.attempts > 1 ? t("{0} attempts.", branch.attempts) + " " : "";
      message.textContent = attempts + (branch.error ? branch.error + ": " + branch.message.slice(0, 300) : "");
    }, () => {});
    return make(
      "div",
      {},
      name,
      make(
        "div",
        { class: "cs-tooltip__state" },
        mark(kind === "span" ? "retried" : kind),
        [state, text.duration(data[bar.MILLIS]), t("at {0}", text.axis(data[bar.START], duration))].join(" · "),
      ),
      message,
    );
  };

  return { title, sentence, tip };
})();
