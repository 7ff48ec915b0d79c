/* The elements of the timeline around its canvas. */
(window.ConcurrencySteps ||= {}).timelineFrame = (act, key) => {
  "use strict";

  const { make, iconButton } = ConcurrencySteps.dom;
  const text = ConcurrencySteps.text;
  const t = text.t;

  const canvas = make("div", { class: "cs-timeline__canvas" });
  const help = make(
    "p",
    { class: "cs-hidden", id: "cs-timeline-help" },
    t(
      "Left and right arrow: previous and next bar of the lane. Up and down arrow: neighbouring lane. Enter: details. Plus and minus: zoom. Shift with left and right arrow: pan. 0: everything.",
    ),
  );
  const voice = make("p", { class: "cs-hidden", role: "status" });
  const stage = make(
    "div",
    { class: "cs-timeline__stage", tabindex: 0, role: "application", "aria-label": t("Timeline"), "aria-describedby": help.id, keydown: key, blur: () => act.leave() },
    canvas,
  );
  const laneText = make("span", { class: "cs-muted" });
  const lanePager = make(
    "div",
    { class: "cs-group", hidden: true },
    iconButton("up", t("Previous lanes"), () => act.scroll(-1)),
    laneText,
    iconButton("down", t("Next lanes"), () => act.scroll(1)),
  );
  const sign = (kind, label) => make("li", {}, make("span", { class: "cs-swatch cs-swatch--" + kind }), label);
  const linkSign = sign("link", t("Waited for"));
  const limitSign = sign("limit", t("Limit found"));
  const limits = make("div", {});
  const legend = make(
    "ul",
    { class: "cs-legend", "aria-label": t("Legend") },
    [["succeeded", t("Succeeded")], ["failed", t("Failed")], ["retried", t("Failed, then retried")], ["cancelled", t("Cancelled")]].map(([kind, label]) =>
      sign(kind, label),
    ),
    linkSign,
    limitSign,
  );
  const selected = make("div", {});
  const element = make(
    "section",
    { class: "cs-timeline", "aria-label": t("Timeline") },
    make(
      "div",
      { class: "cs-bar" },
      make("h3", {}, t("Timeline")),
      legend,
      make(
        "div",
        { class: "cs-group cs-noprint" },
        lanePager,
        iconButton("left", t("Pan left"), () => act.pan(-0.25)),
        iconButton("right", t("Pan right"), () => act.pan(0.25)),
        iconButton("zoom-in", t("Zoom in"), () => act.zoom(0.5)),
        iconButton("zoom-out", t("Zoom out"), () => act.zoom(2)),
        iconButton("all", t("Show everything"), () => act.showAll()),
      ),
    ),
    stage,
    help,
    voice,
    limits,
    selected,
  );

  const say = (sentence) => {
    voice.textContent = sentence;
  };

  /** After what was drawn. */
  const update = (title, viewport, timeline) => {
    const { lanes } = timeline;
    linkSign.hidden = !timeline.links.length;
    limitSign.hidden = !timeline.limits.length;
    limits.replaceChildren(ConcurrencySteps.timelineLimits.list(timeline.limits));
    const first = viewport.firstLane();
    lanePager.hidden = !viewport.hasPages();
    laneText.textContent = t("Lanes {0}–{1} of {2}", first + 1, first + viewport.laneCount(), text.number(lanes));
    stage.setAttribute("aria-label", title);
  };

  /** Shows all about one branch below. */
  const open = (index, branch, lanes) => {
    const title = make("h4", { tabindex: -1 }, t("Branch {0}", index + 1));
    const close = iconButton("close", t("Close details"), () => {
      selected.replaceChildren();
      stage.focus();
    });
    branch.then((found) => (title.textContent = found.name), () => {});
    selected.replaceChildren(
      make("div", { class: "cs-selected" }, make("div", { class: "cs-bar" }, title, close), ConcurrencySteps.detail.later(branch, lanes)),
    );
    title.focus({ preventScroll: false });
  };

  return { element, stage, canvas, say, update, open, close: () => selected.replaceChildren() };
};
