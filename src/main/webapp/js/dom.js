/* Makes elements. Texts only ever become text nodes, so nothing that a build says can become markup. */
(window.ConcurrencySteps ||= {}).dom = (() => {
  "use strict";

  const append = (parent, children) => {
    children.flat().forEach((child) => {
      if (child !== null && child !== undefined && child !== false) {
        parent.append(child.nodeType ? child : String(child));
      }
    });
    return parent;
  };

  /** An element with attributes (functions become listeners) and children (texts or elements). */
  const make = (name, attributes, ...children) => {
    const element = document.createElement(name);
    Object.entries(attributes || {}).forEach(([key, value]) => {
      if (typeof value === "function") {
        element.addEventListener(key, value);
      } else if (value !== null && value !== undefined && value !== false) {
        element.setAttribute(key, value === true ? "" : value);
      }
    });
    return append(element, children);
  };

  const SVG = "http://www.w3.org/2000/svg";

  const svg = (name, attributes, ...children) => {
    const element = document.createElementNS(SVG, name);
    Object.entries(attributes).forEach(([key, value]) => element.setAttribute(key, value));
    return append(element, children);
  };

  /** The mark of an outcome: as in the timeline, its shape tells it without its colour. */
  const mark = (outcome) => {
    const shapes = {
      succeeded: () => [svg("circle", { cx: 8, cy: 8, r: 7, class: "cs-mark__fill" }), stroke("M4.8 8.3l2.2 2.2 4.2-4.7")],
      failed: () => [svg("rect", { x: 1.5, y: 1.5, width: 13, height: 13, rx: 2, class: "cs-mark__fill" }), stroke("M5.3 5.3l5.4 5.4M10.7 5.3l-5.4 5.4")],
      cancelled: () => [svg("circle", { cx: 8, cy: 8, r: 6.2, class: "cs-mark__hollow" }), svg("path", { d: "M4.6 8h6.8", class: "cs-mark__hollow" })],
      skipped: () => [svg("path", { d: "M3 3.5l5 4.5-5 4.5M8 3.5l5 4.5-5 4.5", class: "cs-mark__hollow" })],
      retried: () => [svg("path", { d: "M8 1.2l7 13.2H1z", class: "cs-mark__fill" }), stroke("M8 6v3.6M8 11.4v.8")],
    };
    const stroke = (d) => svg("path", { d: d, class: "cs-mark__stroke" });
    return svg("svg", { viewBox: "0 0 16 16", class: "cs-mark cs-mark--" + outcome, "aria-hidden": "true" }, shapes[outcome]());
  };

  const icons = {
    "zoom-in": "M10.5 4a6.5 6.5 0 105 10.7l4.3 4.3M8 10.5h5M10.5 8v5",
    "zoom-out": "M10.5 4a6.5 6.5 0 105 10.7l4.3 4.3M8 10.5h5",
    left: "M14.5 6l-6 6 6 6",
    right: "M9.5 6l6 6-6 6",
    up: "M6 14.5l6-6 6 6",
    down: "M6 9.5l6 6 6-6",
    all: "M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5",
    close: "M6 6l12 12M18 6L6 18",
    download: "M12 4v11M7.5 11l4.5 4.5 4.5-4.5M5 20h14",
  };

  const icon = (name) =>
    svg("svg", { viewBox: "0 0 24 24", class: "cs-icon", "aria-hidden": "true" }, svg("path", { d: icons[name] }));

  /** A button that is only an icon. */
  const iconButton = (name, label, click) =>
    make("button", { type: "button", class: "jenkins-button jenkins-button--tertiary cs-icon-button", "aria-label": label, title: label, click: click }, icon(name));

  return { make, append, mark, icon, iconButton };
})();
