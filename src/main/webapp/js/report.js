/* Starts the page in a file of its own. */
(() => {
  "use strict";
  const data = JSON.parse(document.getElementById("concurrency-data").textContent);
  const root = document.getElementById("concurrency");
  ConcurrencySteps.current = ConcurrencySteps.page(root, ConcurrencySteps.reportSource(data));
})();
