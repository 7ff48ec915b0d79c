/* The keys of the timeline. */
(window.ConcurrencySteps ||= {}).timelineKeys = (() => {
  "use strict";

  const keys = {
    ArrowLeft: (act, shift) => (shift ? act.pan(-0.25) : act.move(-1, 0)),
    ArrowRight: (act, shift) => (shift ? act.pan(0.25) : act.move(1, 0)),
    ArrowUp: (act) => act.move(0, -1),
    ArrowDown: (act) => act.move(0, 1),
    "+": (act) => act.zoom(0.5),
    "=": (act) => act.zoom(0.5),
    "-": (act) => act.zoom(2),
    0: (act) => act.showAll(),
    Home: (act) => act.showAll(),
    PageUp: (act) => act.scroll(-1),
    PageDown: (act) => act.scroll(1),
    Escape: (act) => act.leave(),
    Enter: (act) => act.open(),
  };

  /** A listener that does what a key means; keys of browser and system stay theirs. */
  return (act) => (event) => {
    const isOurs = Object.hasOwn(keys, event.key) && !event.ctrlKey && !event.metaKey && !event.altKey;
    if (isOurs) {
      keys[event.key](act, event.shiftKey);
      event.preventDefault();
    }
  };
})();
