/* Numbers and times as people read them. */
window.ConcurrencySteps = window.ConcurrencySteps || {};

ConcurrencySteps.text = (() => {
  "use strict";

  const whole = new Intl.NumberFormat("en");

  const number = (value) => whole.format(value);

  const plural = (count, noun) => number(count) + " " + (count === 1 ? noun : noun + (noun.endsWith("h") ? "es" : "s"));

  /** A duration from milliseconds: 850 ms, 1.2 s, 3 min 5 s, 2 h 4 min. */
  const duration = (millis) => {
    if (millis < 1000) {
      return Math.round(millis) + " ms";
    }
    if (millis < 59950) {
      return (millis / 1000).toFixed(1) + " s";
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
      return perSecond.toFixed(1) + " / s";
    }
    return perSecond > 0 ? (perSecond * 60).toFixed(1) + " / min" : "–";
  };

  const percent = (part) => Math.round(part * 100) + " %";

  const clock = (millis) => new Date(millis).toLocaleTimeString([], { hour12: false });

  /** What an axis over some milliseconds is labelled with. */
  const axis = (millis, span) => {
    if (span < 2000) {
      return Math.round(millis) + " ms";
    }
    if (span < 20000) {
      return (millis / 1000).toFixed(1) + " s";
    }
    const seconds = Math.round(millis / 1000);
    return seconds < 60 ? seconds + " s" : duration(seconds * 1000);
  };

  const outcomes = { succeeded: "Succeeded", failed: "Failed", cancelled: "Cancelled" };

  const outcome = (text) => outcomes[text] || text;

  return { number, plural, duration, rate, percent, clock, axis, outcome };
})();
