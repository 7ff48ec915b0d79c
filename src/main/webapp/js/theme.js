/* The colours of the page's theme, for what is drawn on a canvas; and when they change. */
(window.ConcurrencySteps ||= {}).theme = (() => {
  "use strict";

  const isDark = (element) => {
    for (let node = element; node; node = node.parentElement) {
      const parts = getComputedStyle(node).backgroundColor.match(/[\d.]+/g);
      if (parts && (parts.length < 4 || Number(parts[3]) > 0)) {
        return 0.299 * parts[0] + 0.587 * parts[1] + 0.114 * parts[2] < 128;
      }
    }
    return false;
  };

  let printing = false;

  /** Marks the page as light or dark, whichever theme made it so; returns the colours. */
  const apply = (page) => {
    page.classList.toggle("cs-page--dark", !printing && isDark(page.parentElement));
    page.classList.toggle("cs-page--print", printing);
    const style = getComputedStyle(page);
    const color = (name) => style.getPropertyValue("--cs-" + name).trim();
    return {
      succeeded: color("succeeded"),
      failed: color("failed"),
      cancelled: color("cancelled"),
      retried: color("retried"),
      link: color("link"),
      text: color("text"),
      muted: color("muted"),
      line: color("line"),
      background: color("background"),
      font: style.fontFamily,
    };
  };

  /** Calls when the theme may have changed, and around printing. */
  const watch = (changed) => {
    const scheme = matchMedia("(prefers-color-scheme: dark)");
    scheme.addEventListener("change", changed);
    new MutationObserver(changed).observe(document.documentElement, {
      attributes: true,
      attributeFilter: ["data-theme", "class", "style"],
    });
    const print = (begins) => () => {
      printing = begins;
      changed();
    };
    window.addEventListener("beforeprint", print(true));
    window.addEventListener("afterprint", print(false));
  };

  return { apply, watch };
})();
