// The buttons of the rig: down when pressed, up when let go, wherever the finger went meanwhile.

import { callInOrder, currentName } from "./remote.js";

export function bindButtons() {
  const elements = new Map();
  for (const element of document.querySelectorAll("[data-button]")) {
    elements.set(element.dataset.button, element);
    bindPointer(element, element.dataset.button);
  }
  const held = new Map(); // by which name of the page each went down; "back" has only a key

  function press(name) {
    if (held.has(name)) return;
    held.set(name, currentName());
    elements.get(name)?.classList.add("down");
    callInOrder("Button", { name, down: true }, held.get(name));
  }

  function release(name) {
    if (!held.has(name)) return;
    elements.get(name)?.classList.remove("down");
    callInOrder("Button", { name, down: false }, held.get(name));
    held.delete(name);
  }

  function releaseAll() {
    for (const name of [...held.keys()]) release(name);
  }

  function bindPointer(element, name) {
    element.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      element.setPointerCapture(event.pointerId);
      press(name);
    });
    for (const end of ["pointerup", "pointercancel", "lostpointercapture"]) {
      element.addEventListener(end, () => release(name));
    }
    element.addEventListener("mousedown", (event) => event.preventDefault()); // leave the focus, and the keys, alone
    element.addEventListener("contextmenu", (event) => event.preventDefault()); // a long press is a long press
    element.addEventListener("click", (event) => {
      if (event.detail !== 0) return; // a pointer's click was dealt with above; this one is the keyboard's
      press(name);
      release(name);
    });
  }

  // Nobody will tell us of the release when it happens elsewhere.
  addEventListener("blur", releaseAll);
  addEventListener("pagehide", releaseAll);
  document.addEventListener("visibilitychange", () => document.hidden && releaseAll());
  return { press, release };
}
