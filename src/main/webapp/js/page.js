/* Puts the page together, and keeps it up to date while the build runs. */
(window.ConcurrencySteps ||= {}).page = (root, source) => {
  "use strict";

  const { make } = ConcurrencySteps.dom;
  const theme = ConcurrencySteps.theme;
  const t = ConcurrencySteps.text.t;

  let runs = [];
  let selected = location.hash.replace(/^#run-/, ""); // Jenkins makes a CSS selector of it, so it has no "="
  let version = null;
  let misses = 0;

  const page = {
    load: (query) => source.data({ run: selected, ...query }, null).catch(missing),
    branch: (index) => source.branch(selected, index),
  };

  const list = ConcurrencySteps.steps.list((id) => select(id));
  const figures = ConcurrencySteps.steps.figures();
  const timeline = ConcurrencySteps.timeline(page);
  const table = ConcurrencySteps.table(page);
  const title = make("h2", {});
  const downloads = make("div", { class: "cs-group cs-noprint cs-downloads" });
  const failure = make("p", { class: "jenkins-alert jenkins-alert-danger", hidden: true });
  const notice = make("p", { class: "jenkins-alert jenkins-alert-warning", role: "status", hidden: true });
  const nothing = make("p", { class: "cs-muted" }, t("No step has begun yet."));
  const step = make(
    "section",
    { class: "cs-step", "aria-labelledby": "cs-step-title", hidden: true, inert: true },
    make("div", { class: "cs-bar" }, title, downloads),
    failure,
    figures.element,
    timeline.element,
    table.element,
  );
  title.id = "cs-step-title";
  root.replaceChildren(notice, list.element, nothing, step);

  const problem = (error) => {
    notice.textContent = t("No news from Jenkins ({0}). Trying again …", error.message);
    notice.hidden = false;
  };

  /** A part of the step did not arrive: the next answer has all of it. */
  const missing = (error) => {
    misses++;
    version = null;
    poller.retry(error);
    return null;
  };

  const current = () => runs.find((run) => run.id === selected);

  const show = (answer, query) => {
    runs = answer.runs;
    nothing.hidden = runs.length > 0;
    list.element.hidden = runs.length === 0;
    list.update(runs, selected);
    const run = current();
    step.hidden = !run;
    if (!run) {
      return;
    }
    title.replaceChildren(run.name, ConcurrencySteps.steps.badge(run));
    failure.hidden = !run.failure;
    failure.textContent = run.failure || "";
    figures.update(run);
    if (answer.table) {
      timeline.update(run, answer.timeline);
      table.update(run, answer.table, query);
      step.inert = false;
    }
  };

  const ask = async () => {
    const tableQuery = table.query();
    const query = current() ? { run: selected, ...timeline.query(), ...tableQuery } : {};
    const asked = selected;
    const known = misses;
    const answer = await source.data(query, version);
    notice.hidden = true;
    if (!answer || asked !== selected) {
      return null;
    }
    show(answer, tableQuery);
    if (runs.length && !answer.table) {
      choose();
      return ask();
    }
    if (known !== misses) {
      return { ...answer, building: true }; // it was asked for before, so it may lack what is missing
    }
    version = answer.version;
    return answer;
  };

  /** Begins with the step that is asked for, or else with the first one that has failures, or else with the first. */
  const choose = () => {
    selected = (current() || runs.find((run) => run.failed) || runs[0]).id;
    step.hidden = false; // so that the timeline has a width to ask for
    showDownloads();
  };

  const poller = ConcurrencySteps.poller(ask, problem);

  const select = (id) => {
    if (id === selected) {
      return;
    }
    selected = id;
    history.replaceState(null, "", "#run-" + id);
    version = null;
    step.inert = true; // what it shows is no longer what is selected
    timeline.select();
    table.select();
    showDownloads();
    list.update(runs, selected);
    poller.poll();
  };

  const showDownloads = () =>
    downloads.replaceChildren(
      ...source.downloads(selected).map((download) =>
        make("a", { class: "jenkins-button", href: download.href, title: download.title, download: "" }, ConcurrencySteps.dom.icon("download"), download.name),
      ),
    );

  const paint = () => timeline.paint(theme.apply(root));

  theme.watch(paint);
  paint();
  poller.poll().then(() => (root.dataset.ready = "true"));

  return { timeline: timeline, select: select };
};
