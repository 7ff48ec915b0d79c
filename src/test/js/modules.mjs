// Loads modules of the page into an object of their own, with the part of a browser that a test gives them.
import { readFileSync } from "node:fs";
import { compileFunction } from "node:vm";

const folder = new URL("../../main/webapp/js/", import.meta.url);

/** The modules of some files, which are loaded one after the other. `browser` has what they find there besides. */
export function load(files, browser = {}) {
  const window = { ...browser.window, ConcurrencySteps: {} };
  const globals = { document: page(), ...browser, window, ConcurrencySteps: window.ConcurrencySteps };
  for (const file of files) {
    const url = new URL(file + ".js", folder);
    compileFunction(readFileSync(url, "utf8"), Object.keys(globals), { filename: url.pathname })(...Object.values(globals));
  }
  return window.ConcurrencySteps;
}

/** A document with elements that know their attributes, children and listeners; `texts` are those of its language. */
export function page(texts) {
  const document = new Element("#document");
  Object.assign(document, {
    hidden: false,
    activeElement: null,
    createElement: (name) => new Element(name),
    createElementNS: (space, name) => new Element(name),
    querySelector: () => texts && { dataset: { texts: JSON.stringify(texts) } },
  });
  return document;
}

/** The elements with a name within another one. */
export function all(element, name) {
  return (element.children ?? []).flatMap((child) => [...(child.name === name ? [child] : []), ...all(child, name)]);
}

class Element {
  nodeType = 1;
  attributes = {};
  children = [];
  listeners = {};
  style = {};
  isConnected = true;
  clientWidth = 1090;

  constructor(name) {
    this.name = name;
  }

  append(child) {
    this.children.push(child);
  }

  replaceChildren(...children) {
    this.children = children;
  }

  focus() {}

  setAttribute(name, value) {
    this.attributes[name] = String(value);
  }

  removeAttribute(name) {
    delete this.attributes[name];
  }

  addEventListener(name, listener) {
    this.listeners[name] = listener;
  }

  get textContent() {
    return this.children.map((child) => child.textContent ?? child).join("");
  }

  set textContent(text) {
    this.children = [text];
  }
}

/** Time that passes only when a test lets it. */
export class Clock {
  now = 0;
  #timers = new Map();
  #last = 0;

  setTimeout = (action, millis) => {
    this.#timers.set(++this.#last, { action, at: this.now + millis });
    return this.#last;
  };

  clearTimeout = (id) => this.#timers.delete(id);

  /** Lets time pass, and what promises follow from it. */
  async pass(millis) {
    const end = this.now + millis;
    await settle();
    for (let due; (due = this.#due(end)); ) {
      this.now = due[1].at;
      this.#timers.delete(due[0]);
      due[1].action();
      await settle();
    }
    this.now = end;
  }

  #due(end) {
    return [...this.#timers].filter(([, timer]) => timer.at <= end).sort(([, a], [, b]) => a.at - b.at)[0];
  }
}

/** All that follows from promises that are kept by now. */
export const settle = () => new Promise((done) => setImmediate(done));
