/* Texts in the language of the page, and numbers and times as people read them. */
(window.ConcurrencySteps ||= {}).text = (() => {
  "use strict";

  const source = document.querySelector("[data-texts]");
  const words = source ? JSON.parse(source.dataset.texts) : {};
  const language = words[""] || "en";

  /** An English text in the language of the page, with values for {0}, {1} and so on. */
  const t = (english, ...values) => (words[english] || english).replace(/\{(\d)\}/g, (place, index) => values[index]);

  const whole = new Intl.NumberFormat(language);
  const tenths = new Intl.NumberFormat(language, { minimumFractionDigits: 1, maximumFractionDigits: 1 });

  const number = (value) => whole.format(value);

  const nouns = {
    branch: (count, n) => (count === 1 ? t("{0} branch", n) : t("{0} branches", n)),
    build: (count, n) => (count === 1 ? t("{0} build", n) : t("{0} builds", n)),
    byte: (count, n) => (count === 1 ? t("{0} byte", n) : t("{0} bytes", n)),
    connection: (count, n) => (count === 1 ? t("{0} connection", n) : t("{0} connections", n)),
    slot: (count, n) => (count === 1 ? t("{0} slot", n) : t("{0} slots", n)),
    worker: (count, n) => (count === 1 ? t("{0} worker", n) : t("{0} workers", n)),
  };

  const plural = (count, noun) => nouns[noun](count, number(count));

  const lanes = {
    connection: (which) => t("connection {0}", which),
    slot: (which) => t("slot {0}", which),
    worker: (which) => t("worker {0}", which),
  };
  const laneTitles = { connection: t("Connection"), slot: t("Slot"), worker: t("Worker") };

  /** One of the lanes of a step, within a text. */
  const lane = (noun, which) => lanes[noun](which);

  /** What the lanes of a step are called, as a title. */
  const laneTitle = (noun) => laneTitles[noun];

  /** A duration from milliseconds: 850 ms, 1.2 s, 3 min 5 s, 2 h 4 min. */
  const duration = (millis) => {
    if (millis < 999.5) {
      return Math.round(millis) + " ms";
    }
    if (millis < 59950) {
      return tenths.format(millis / 1000) + " s";
    }
    const seconds = Math.round(millis / 1000);
    if (seconds < 3600) {
      return Math.floor(seconds / 60) + " min" + (seconds % 60 ? " " + (seconds % 60) + " s" : "");
    }
    const minutes = Math.round(seconds / 60);
    return number(Math.floor(minutes / 60)) + " h" + (minutes % 60 ? " " + (minutes % 60) + " min" : "");
  };

  /** Branches a second, or a minute where they are few. */
  const rate = (perSecond) => {
    if (perSecond >= 10) {
      return number(Math.round(perSecond)) + " / s";
    }
    if (perSecond >= 1) {
      return tenths.format(perSecond) + " / s";
    }
    return perSecond > 0 ? tenths.format(perSecond * 60) + " / min" : "–";
  };

  const percent = (part) => Math.round(part * 100) + " %";

  const clock = (millis) => new Date(millis).toLocaleTimeString(language, { hour12: false });

  /** What an axis over some milliseconds is labelled with. */
  const axis = (millis, span) => {
    if (span < 2000) {
      return Math.round(millis) + " ms";
    }
    if (span < 20000) {
      return tenths.format(millis / 1000) + " s";
    }
    const seconds = Math.round(millis / 1000);
    return seconds < 60 ? seconds + " s" : duration(seconds * 1000);
  };

  const outcomes = { succeeded: t("Succeeded"), failed: t("Failed"), cancelled: t("Cancelled"), skipped: t("Skipped") };
  const counts = {
    succeeded: (n) => t("{0} succeeded", n),
    failed: (n) => t("{0} failed", n),
    cancelled: (n) => t("{0} cancelled", n),
    skipped: (n) => t("{0} skipped", n),
  };

  const outcome = (text) => outcomes[text] || text;

  /** How many branches ended in a way. */
  const count = (value, text) => counts[text](number(value));

  return { t, number, plural, lane, laneTitle, duration, rate, percent, clock, axis, outcome, count };
})();
