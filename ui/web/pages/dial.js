// The encoder: wheel over it, drag it round, or press + and -. Steps made while a call is under way are added up.

import { call, merging } from "./remote.js";

const STEP_DEGREES = 18; // 20 clicks a turn, as the rig's encoder
const WHEEL_STEP_PX = 60; // a mouse's click sends about 100, a trackpad many small ones

export function bindDial() {
  const dial = document.getElementById("dial");
  const sender = merging(
    (steps) => call("Button", { name: "encoder", steps }),
    (waiting, more) => waiting + more,
  );
  let turned = 0;

  function turn(steps) {
    if (steps === 0) return;
    turned += steps;
    dial.style.setProperty("--angle", `${turned * STEP_DEGREES}deg`);
    sender.put(steps);
  }

  bindWheel(dial, turn);
  bindDrag(dial, turn);
  for (const button of document.querySelectorAll("[data-steps]")) {
    button.addEventListener("mousedown", (event) => event.preventDefault());
    button.addEventListener("click", () => turn(Number(button.dataset.steps)));
  }
  return { turn };
}

function bindWheel(dial, turn) {
  let rest = 0;
  dial.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      rest -= event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? event.deltaY / WHEEL_STEP_PX : Math.sign(event.deltaY);
      const steps = Math.trunc(rest);
      rest -= steps;
      turn(steps);
    },
    { passive: false },
  );
}

function bindDrag(dial, turn) {
  let angle = null;
  let rest = 0;
  dial.addEventListener("pointerdown", (event) => {
    dial.setPointerCapture(event.pointerId);
    angle = angleOf(dial, event);
    rest = 0;
  });
  dial.addEventListener("pointermove", (event) => {
    if (angle === null) return;
    const now = angleOf(dial, event);
    rest += ((now - angle + 540) % 360) - 180; // the short way round
    angle = now;
    const steps = Math.trunc(rest / STEP_DEGREES);
    rest -= steps * STEP_DEGREES;
    turn(steps);
  });
  for (const end of ["pointerup", "pointercancel"]) dial.addEventListener(end, () => (angle = null));
}

function angleOf(dial, event) {
  const box = dial.getBoundingClientRect();
  const x = event.clientX - box.left - box.width / 2;
  const y = event.clientY - box.top - box.height / 2;
  return (Math.atan2(y, x) * 180) / Math.PI;
}
