/* Starts the page in Jenkins. */
(() => {
  "use strict";
  const root = document.getElementById("concurrency");
  ConcurrencySteps.current = ConcurrencySteps.page(root, ConcurrencySteps.serverSource(root.dataset.url));
})();
