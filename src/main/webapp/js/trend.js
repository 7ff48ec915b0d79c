/* The small chart of a job: branches of its last builds and how they ended. */
(() => {
  "use strict";

  const { make } = ConcurrencySteps.dom;
  const text = ConcurrencySteps.text;
  const t = text.t;
  const OUTCOMES = ["succeeded", "failed", "cancelled", "skipped"];

  const render = (box, builds) => {
    const outcomes = OUTCOMES.filter((outcome) => outcome !== "skipped" || builds.some((build) => build.skipped));
    const colors = ConcurrencySteps.theme.apply(box);
    const canvas = box.querySelector(".cs-trend__canvas");
    const chart = echarts.getInstanceByDom(canvas) || echarts.init(canvas);
    const label = { color: colors.muted, fontFamily: colors.font, fontSize: 11 };
    const styles = {
      succeeded: { color: colors.succeeded },
      failed: { color: colors.failed },
      cancelled: { color: colors.background, borderColor: colors.cancelled, borderWidth: 1.5 },
      skipped: { color: colors.background, borderColor: colors.cancelled, borderWidth: 1.5, borderType: "dotted" },
    };
    chart.resize();
    chart.setOption({
      animation: false,
      textStyle: { fontFamily: colors.font },
      grid: { left: 46, right: 8, top: 28, bottom: 24 },
      legend: { data: outcomes.map(text.outcome), right: 4, top: 0, itemWidth: 12, itemHeight: 10, textStyle: label, selectedMode: false },
      tooltip: {
        trigger: "axis",
        confine: true,
        className: "cs-tooltip",
        backgroundColor: colors.background,
        borderColor: colors.line,
        textStyle: { color: colors.text, fontFamily: colors.font, fontSize: 13 },
        axisPointer: { type: "shadow" },
        formatter: (points) => {
          const build = builds[points[0].dataIndex];
          return make(
            "div",
            {},
            make("strong", {}, build.name),
            outcomes.filter((outcome) => build[outcome]).map((outcome) => make("div", {}, text.count(build[outcome], outcome))),
          );
        },
      },
      xAxis: { type: "category", data: builds.map((build) => "#" + build.number), axisLabel: label, axisLine: { lineStyle: { color: colors.line } }, axisTick: { show: false } },
      yAxis: { type: "value", minInterval: 1, axisLabel: { ...label, formatter: (value) => (value >= 10000 ? value / 1000 + "k" : value) }, splitLine: { lineStyle: { color: colors.line } }, splitNumber: 3 },
      series: outcomes.map((outcome) => ({
        type: "bar",
        stack: "branches",
        name: text.outcome(outcome),
        barMaxWidth: 22,
        itemStyle: styles[outcome],
        data: builds.map((build) => build[outcome] || 0),
      })),
    });
    chart.off("click");
    chart.on("click", (point) => window.location.assign(box.dataset.job + builds[point.dataIndex].number + "/concurrency/"));
    const last = builds[builds.length - 1];
    canvas.setAttribute(
      "aria-label",
      t("Branches of the last {0}. {1}: {2}", text.plural(builds.length, "build"), last.name, outcomes.map((outcome) => text.count(last[outcome] || 0, outcome)).join(", ")),
    );
  };

  const start = (box) => {
    let builds = [];
    const paint = () => builds.length && render(box, builds);
    const ask = async () => {
      const response = await fetch(box.dataset.url, { cache: "no-store", credentials: "same-origin" });
      if (!response.ok) {
        return { building: false };
      }
      const answer = await response.json();
      builds = answer.builds;
      box.hidden = box.hidden && !builds.length;
      paint();
      return { building: answer.more, poll: 2000 };
    };
    ConcurrencySteps.theme.watch(paint);
    new ResizeObserver(paint).observe(box);
    return ConcurrencySteps.poller(ask, () => {}).poll();
  };

  document.querySelectorAll(".cs-trend").forEach(start);
})();
