// The overlays, each on or off: what is lit is what the camera says, not what was clicked.

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
    callInOrder("Set", { key: `view.${name}`, value: !view[name] });
  }

  function show(newest) {
    view = newest ?? null;
    for (const [name, element] of elements) {
      element.disabled = view === null;
      element.setAttribute("aria-pressed", String(Boolean(view?.[name])));
    }
    document.getElementById("info").dataset.level = view?.info ?? "";
  }

  show(null);
  return { flip, show };
}
