// The overlays, each on or off, or one after the other of its data-choices, the first of which is off: what is lit is
// what the camera says, not what was clicked.

import { callInOrder } from "./remote.js";

export function bindToggles() {
  const elements = new Map();
  let view = null;
  for (const element of document.querySelectorAll("[data-view]")) {
    elements.set(element.dataset.view, element);
    element.addEventListener("mousedown", (event) => event.preventDefault());
    element.addEventListener("click", () => flip(element.dataset.view));
  }

  function flip(name) {
    if (view === null) return;
    callInOrder("Set", { key: `view.${name}`, value: next(name) });
  }

  function next(name) {
    const choices = choicesOf(name);
    return choices[(choices.indexOf(view[name]) + 1) % choices.length];
  }

  function choicesOf(name) {
    return JSON.parse(elements.get(name).dataset.choices ?? "[false, true]");
  }

  function show(newest) {
    view = newest ?? null;
    for (const [name, element] of elements) {
      element.disabled = view === null;
      element.setAttribute("aria-pressed", String(view !== null && view[name] !== choicesOf(name)[0]));
    }
    document.getElementById("info").dataset.level = view?.info ?? "";
  }

  show(null);
  return { flip, show };
}
