/* All about one branch. */
(window.ConcurrencySteps ||= {}).detail = (() => {
  "use strict";

  const { make, mark } = ConcurrencySteps.dom;
  const text = ConcurrencySteps.text;
  const t = text.t;

  const labels = {
    url: t("URL"),
    httpStatus: t("HTTP status"),
    bytes: t("Size"),
    sha256: "SHA-256",
    path: t("File"),
    exitCode: t("Exit code"),
    cpuMillis: t("CPU time"),
    maxRssKb: t("Peak memory"),
  };

  const titles = {
    "Standard error": t("Standard error"),
    "Standard output": t("Standard output"),
    "Response body": t("Response body"),
    Value: t("Value"),
  };

  const units = {
    bytes: (value) => text.plural(value, "byte"),
    cpuMillis: text.duration,
    maxRssKb: (value) => text.number(Math.round(value / 1024)) + " MB",
  };

  const fact = (label, ...value) => make("div", { class: "cs-fact" }, make("dt", {}, label), make("dd", {}, ...value));

  const link = (url) =>
    /^https?:\/\//i.test(url) ? make("a", { href: url, rel: "noopener noreferrer", target: "_blank" }, url) : url;

  const named = ([name, value]) => {
    const shown = units[name] && typeof value === "number" ? units[name](value) : value;
    return fact(labels[name] || name, name === "url" ? link(String(value)) : String(shown));
  };

  const attempts = (branch, lane) =>
    make(
      "ol",
      { class: "cs-tries" },
      branch.tries.map((attempt, i) =>
        make(
          "li",
          {},
          mark(i === branch.tries.length - 1 ? branch.outcome : attempt.error ? "retried" : "succeeded"),
          " " + t("at {0} for {1}", text.duration(attempt.at), text.duration(attempt.millis)),
          attempt.worker ? ", " + text.lane(lane, attempt.worker) : "",
          attempt.error ? ": " + attempt.error : "",
        ),
      ),
    );

  const relative = (other) =>
    make("li", {}, mark(other.outcome), " " + other.name + (other.outcome === "skipped" ? "" : ", " + t("ended after {0}", text.duration(other.end))));

  /** The branches that it needs, or that need it; there may be more than are listed. */
  const relatives = (label, others, more) =>
    (others && others.length) || more
      ? fact(label, make("ul", { class: "cs-needs" }, others.map(relative), more ? make("li", {}, t("… and {0} more", text.number(more))) : null))
      : null;

  const box = (title, content) =>
    make(
      "section",
      { class: "cs-box" },
      make("h4", {}, title),
      make("pre", { tabindex: 0, "aria-label": title }, content),
    );

  /** The parts of a branch that a heading of its own belongs above. */
  const render = (branch, lane) =>
    make(
      "div",
      { class: "cs-detail" },
      branch.error && make("p", { class: "cs-detail__error" }, make("strong", {}, branch.error), make("span", {}, branch.message)),
      make(
        "dl",
        { class: "cs-facts" },
        fact(t("Started"), text.clock(branch.start)),
        fact(t("Duration"), text.duration(branch.millis)),
        branch.lane ? fact(text.laneTitle(lane), branch.lane) : null,
        fact(t("Attempts"), branch.attempts),
        branch.waitedFor ? fact(t("Waited for"), branch.waitedFor) : null,
        relatives(t("Needs"), branch.needs, branch.needsMore),
        relatives(t("Needed by"), branch.neededBy, branch.neededByMore),
        Object.entries(branch.facts).map(named),
        Object.entries(branch.files).map(([path, href]) => fact(t("Kept"), make("a", { href: href }, path))),
      ),
      branch.tries && branch.tries.length ? attempts(branch, lane) : null,
      Object.entries(branch.texts).map(([title, content]) => box(titles[title] || title, content)),
      branch.headers &&
        make(
          "details",
          { class: "cs-headers" },
          make("summary", {}, t("Response headers")),
          make(
            "dl",
            { class: "cs-facts cs-facts--lines" },
            Object.entries(branch.headers).map(([name, value]) => fact(name, String(value))),
          ),
        ),
    );

  /** A place that shows a branch as soon as it is there. */
  const later = (promise, lane) => {
    const place = make("div", { "aria-busy": "true" }, make("p", { class: "cs-muted" }, t("Loading …")));
    promise.then(
      (branch) => place.replaceChildren(render(branch, lane)),
      (error) => place.replaceChildren(make("p", { class: "cs-muted" }, t("Not available: {0}", error.message))),
    ).finally(() => place.removeAttribute("aria-busy"));
    return place;
  };

  return { render, later };
})();
