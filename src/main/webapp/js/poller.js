/* Asks again and again while a build runs or an answer is missing, but not for a page that nobody sees. */
(window.ConcurrencySteps ||= {}).poller = (ask, failed) => {
  "use strict";

  let timer = 0;
  let more = true;
  let wait = 1750; // milliseconds, until the server says how many

  const later = () => {
    clearTimeout(timer);
    if (more && !document.hidden) {
      timer = setTimeout(poll, wait);
    }
  };

  /** Tells of an answer that did not come, and asks for it later. */
  const retry = (error) => {
    failed(error);
    more = true;
    later();
  };

  /** Asks now, and then from time to time. What `ask` promises is an answer, or nothing where there is no news. */
  const poll = async () => {
    clearTimeout(timer);
    try {
      const answer = await ask();
      if (answer) {
        more = answer.building;
        wait = answer.poll || wait;
      }
      later();
    } catch (error) {
      retry(error);
    }
  };

  document.addEventListener("visibilitychange", () => (document.hidden ? clearTimeout(timer) : more && poll()));

  return { poll, retry };
};
