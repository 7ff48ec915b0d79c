/* One question for many that come soon after each other, and no answer to a question that is no longer the newest. */
(window.ConcurrencySteps ||= {}).newest = (millis, ask, show) => {
  "use strict";

  let newest = 0;

  /** Asks in a moment, unless there is a newer question by then. */
  const soon = () => {
    const mine = ++newest;
    setTimeout(async () => {
      const answer = mine === newest ? await ask() : null;
      if (answer && mine === newest) {
        show(answer);
      }
    }, millis);
  };

  /** Nobody waits any more. */
  const forget = () => {
    newest++;
  };

  return { soon, forget };
};
