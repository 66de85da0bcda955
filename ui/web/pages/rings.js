// The rings of the simulated lens, and the light on the scene. Hidden with a real lens: that one is turned by hand.

import { call, merging } from "./remote.js";

const NEAREST_M = 0.5;
const FARTHEST_M = 100; // the ring's last mark before infinity
const LAST_MARK = 980; // of the slider's 1000; what lies beyond is the infinity stop
const F_NUMBERS = [
  1.4, 1.6, 1.8, 2, 2.2, 2.5, 2.8, 3.2, 3.5, 4, 4.5, 5, 5.6, 6.3, 7.1, 8, 9, 10, 11, 13, 14, 16,
]; // thirds of a stop, as engraved
const SPAN = Math.log(FARTHEST_M / NEAREST_M);

const RINGS = [
  {
    id: "focus",
    read: (bench) => (bench.focus_m === null ? 1000 : (LAST_MARK * Math.log(bench.focus_m / NEAREST_M)) / SPAN),
    call: (position) => (position > LAST_MARK ? { infinity: true } : { focus_m: metres(position) }),
    say: (position) => (position > LAST_MARK ? "∞" : `${significant(metres(position))} m`),
  },
  {
    id: "aperture",
    read: (bench) => nearest(F_NUMBERS, bench.f_number ?? 4),
    call: (position) => ({ f_number: F_NUMBERS[position] }),
    say: (position) => `f/${F_NUMBERS[position]}`,
  },
  {
    id: "light",
    read: (bench) => bench.light_ev ?? 0,
    call: (position) => ({ light_ev: position }),
    say: (position) => `${position < 0 ? "−" : position > 0 ? "+" : ""}${Math.abs(position)} EV`,
  },
];

export function bindRings() {
  const section = document.getElementById("rings");
  const rings = RINGS.map(bindRing);

  function show(bench) {
    section.hidden = !bench?.simulated;
    if (!section.hidden) for (const ring of rings) ring.show(bench);
  }
  return { show };
}

function bindRing(ring) {
  const slider = document.getElementById(ring.id);
  const said = document.getElementById(`${ring.id}-said`);
  const sender = merging((position) => call("Focus", ring.call(position)));
  let dragged = false;

  function say() {
    said.textContent = ring.say(Number(slider.value));
  }
  slider.addEventListener("pointerdown", () => (dragged = true));
  for (const end of ["pointerup", "pointercancel"]) {
    slider.addEventListener(end, () => {
      dragged = false;
      slider.blur(); // the arrow keys are the pad's again
    });
  }
  slider.addEventListener("input", () => {
    say();
    sender.put(Number(slider.value));
  });

  function show(bench) {
    if (dragged || sender.busy()) return; // the hand on the ring knows better than an answer from a moment ago
    slider.value = ring.read(bench);
    say();
  }
  return { show };
}

function metres(position) {
  return NEAREST_M * Math.exp((SPAN * position) / LAST_MARK);
}

function significant(value) {
  return value < 10 ? value.toFixed(2) : value < 30 ? value.toFixed(1) : value.toFixed(0);
}

function nearest(values, wanted) {
  const apart = values.map((value) => Math.abs(Math.log(value / wanted)));
  return apart.indexOf(Math.min(...apart));
}
