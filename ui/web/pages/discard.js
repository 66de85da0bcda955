// Photographs that wait in the camera's memory for a card that takes none: they can be given up, after a question.

import { call } from "./remote.js";

export function bindDiscard() {
  const button = document.getElementById("discard");
  button.addEventListener("click", () => {
    if (confirm("The photographs that wait for the card will be lost. Give them up?")) call("Discard");
  });

  function show(card) {
    const waiting = card && card.state !== "ok" ? card.queued : 0;
    button.hidden = waiting === 0;
    button.textContent = `Give up ${waiting} waiting`;
  }

  return { show };
}
