// Puts the page together: two websockets come in (the panel's pictures, the camera's state), calls go out.

import { follow } from "./connection.js";
import { bindButtons } from "./buttons.js";
import { bindDial } from "./dial.js";
import { bindDiscard } from "./discard.js";
import { bindGallery } from "./gallery.js";
import { bindGrey } from "./grey.js";
import { bindKeys } from "./keys.js";
import { bindPanel } from "./panel.js";
import { renamed } from "./remote.js";
import { bindRings } from "./rings.js";
import { bindStatus } from "./status.js";
import { bindToggles } from "./toggles.js";
import { bindUndelete } from "./undelete.js";

const status = bindStatus();
const panel = bindPanel(status);
const buttons = bindButtons();
const dial = bindDial();
const toggles = bindToggles();
const rings = bindRings();
const gallery = bindGallery();
const discard = bindDiscard();
const undelete = bindUndelete();
bindKeys(buttons, dial, toggles, bindGrey());

let state = {}; // everything the camera told, section by section

follow(() => "/panel", { message: panel.draw }); // may rightly stand still
follow(() => `/state?listener=${renamed()}`, {
  heartbeat: true,
  message(text, acknowledge) {
    acknowledge();
    const news = JSON.parse(text);
    const before = photographsOf(state.card);
    state = news.running ? { ...state, ...news.changes } : {};
    if (photographsOf(state.card) !== before) gallery.refresh();
    status.heard(news.running, state);
    toggles.show(state.view);
    rings.show(state.bench);
    discard.show(state.card);
    undelete.show(state.card);
    for (const event of news.events) happened(event);
  },
  open() {
    state = {};
    gallery.refresh();
  },
  lost: status.lost,
});

// What tells that other photographs are on the card, or their marks are others: the folder was made, the card went or
// came back, something was done at the camera or in another browser.
function photographsOf(card) {
  return [card?.state, card?.changes].join();
}

function happened(event) {
  if (event.kind === "saved" || event.kind === "recovered") gallery.refresh();
  if (event.kind === "failed" || event.kind === "warning") status.say(event.text);
  if (event.kind === "recovered") status.say(`Saved after all, from before the camera stopped: ${event.text}`);
}
