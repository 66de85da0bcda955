// What is said in words: the header, one notice over the panel when something is missing, one line that passes.

import { onRefusal } from "./remote.js";

const NOTICES = {
  page: "This page has lost its server. It comes back by itself: start it with mcam web or mcam run.",
  camera: "The camera is not running. Start it with mcam run; this page will notice.",
  viewfinder: "The viewfinder is not drawing. Start it with mcam screen; this page will notice.",
};
const SAID_MS = 6000;

export function bindStatus() {
  const text = (id) => document.getElementById(id);
  let connected = false;
  let running = false;
  let drawing = true; // until the panel had its chance
  let standing = "";
  let saying = 0;

  function notice() {
    const missing = !connected ? "page" : !running ? "camera" : !drawing ? "viewfinder" : "";
    document.body.dataset.missing = missing;
    put("notice", NOTICES[missing] ?? "");
  }

  function heard(runs, state) {
    connected = true;
    running = runs;
    notice();
    put("sensor", sensorLine(state.sensor));
    put("card", cardLine(state.card));
    put("camera", shootingLine(state.shooting) || (state.camera ?? "off"));
    text("camera").dataset.state = state.camera ?? "off";
    standing = state.message ?? "";
    if (saying === 0) put("message", standing);
  }

  function lost() {
    connected = false;
    notice();
  }

  function setDrawing(now) {
    if (drawing === now) return;
    drawing = now;
    notice();
  }

  // One sentence for a few seconds; afterwards whatever stands.
  function say(sentence) {
    clearTimeout(saying);
    put("message", sentence);
    saying = setTimeout(() => {
      saying = 0;
      put("message", standing);
    }, SAID_MS);
  }

  function put(id, sentence) {
    const element = text(id);
    if (element.textContent !== sentence) element.textContent = sentence;
    element.hidden = sentence === "";
  }

  onRefusal(say);
  return { heard, lost, drawing: setDrawing, say };
}

function sensorLine(sensor) {
  if (!sensor?.model) return "";
  const depth = sensor.bits ? `${sensor.bits} bit` : "no RAW";
  const rate = sensor.frames_per_s.toFixed(0);
  return `${sensor.model}  ${sensor.width} × ${sensor.height}  ${depth}  ${rate} fps`;
}

// What a press has set going, with its counts: "timer 7 s", "interval 3/20".
function shootingLine(shooting) {
  if (!shooting?.kind) return "";
  const { kind, taken, total } = shooting;
  if (shooting.held_up) return `${kind} busy, ${taken}`;
  if (kind === "timer") return `${kind} ${shooting.remaining_s} s`;
  if (kind === "long") return `${shooting.elapsed_s} of ${shooting.elapsed_s + shooting.remaining_s} s`;
  if (kind === "bulb") return `${kind} ${shooting.elapsed_s} s${shooting.missed ? `, ${shooting.missed} lost` : ""}`;
  return `${kind} ${taken}${total ? `/${total}` : ""}`;
}

function cardLine(card) {
  if (!card) return "";
  if (card.state !== "ok") return { full: "card full", missing: "no card", "read-only": "card read-only" }[card.state];
  return card.queued > 0 ? `writing ${card.queued}` : `${card.shots_left} left`;
}
