/* Asks again and again while a build runs, but not for a page that nobody sees. */
(window.ConcurrencySteps ||= {}).poller = (ask, failed) => {
  "use strict";

  let timer = 0;
  let building = true;
  let wait = 1750; // milliseconds, until the server says how many

  /** Asks now, and then from time to time. What `ask` promises is an answer, or nothing where there is no news. */
  const poll = async () => {
    clearTimeout(timer);
    try {
      const answer = await ask();
      if (answer) {
        building = answer.building;
        wait = answer.poll;
      }
    } catch (error) {
      failed(error);
    }
    clearTimeout(timer);
    if (building && !document.hidden) {
      timer = setTimeout(poll, wait);
    }
  };

  document.addEventListener("visibilitychange", () => (document.hidden ? clearTimeout(timer) : building && poll()));

  return poll;
};
