// What was deleted here can be brought back for a minute; the camera tells how much.

import { call } from "./remote.js";

export function bindUndelete() {
  const button = document.getElementById("undelete");
  button.addEventListener("click", () => call("Undelete"));

  function show(card) {
    const count = card?.deleted ?? 0;
    button.hidden = count === 0;
    button.textContent = count === 1 ? "Undo the deletion" : `Undo the last of ${count} deletions`;
  }

  return { show };
}
