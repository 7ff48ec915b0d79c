/* Data of a page from the build that it belongs to. */
(window.ConcurrencySteps ||= {}).serverSource = (base) => {
  "use strict";

  const t = ConcurrencySteps.text.t;

  const url = (path, parameters) => base + path + "?" + new URLSearchParams(parameters);

  /**
   * The steps, and what else the query asks for; null if nothing has changed since the version given. The answer's
   * version belongs to it.
   */
  const data = async (query, version) => {
    const headers = version ? { "If-None-Match": version } : {};
    const response = await fetch(url("data", query), { headers: headers, cache: "no-store", credentials: "same-origin" });
    if (response.status === 304) {
      return null;
    }
    if (!response.ok) {
      throw new Error("HTTP " + response.status);
    }
    const answer = await response.json();
    answer.version = response.headers.get("ETag");
    return answer;
  };

  const known = new Map();

  /** All about one branch that has ended. */
  const branch = (run, index) => {
    const key = run + "/" + index;
    if (!known.has(key)) {
      if (known.size > 500) {
        known.clear();
      }
      const answer = fetch(url("branch", { run: run, index: index }), { credentials: "same-origin" }).then((response) => {
        if (!response.ok) {
          throw new Error("HTTP " + response.status);
        }
        return response.json();
      });
      known.set(key, answer);
      answer.catch(() => known.delete(key));
    }
    return known.get(key);
  };

  const downloads = (run) => [
    { name: "JSON", href: url("download", { run: run, format: "json" }) },
    { name: "CSV", href: url("download", { run: run, format: "csv" }) },
    { name: "JUnit", href: url("download", { run: run, format: "junit" }), title: t("As results of tests, for Jenkins' junit step and others") },
    { name: t("Job log"), href: url("download", { run: run, format: "joblog" }), title: t("As GNU parallel writes it with --joblog") },
  ];

  return { data, branch, downloads };
};
