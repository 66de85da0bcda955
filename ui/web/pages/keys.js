// The keyboard:
//
//   S (held)        S1, the half-press          Space           S2, the shutter
//   arrow keys      the five-way pad            Enter           its middle, OK; held, the menu
//   E               the dial's press: shutter, ISO, compensation, aperture in turn
//   Y               white balance by the grey in the spot meter's square
//   [  ] or -  +    the dial, down and up       I               the function button (INFO); held, the photographs
//   M               menu, in and out            P               the photographs, in and out
//   Escape, Backspace  back, in the menu and among the photographs
//   K  Z  H  F  G   peaking, zebra, histogram, focus meter and grid, on or off
//   X  U  C  T      zebra of a level, dots below the noise, false colour, spot meter
//   W               waveform: luma, colours, off
//   1  2  V         magnifier, twice as large, beside the whole picture
//   N  B  A  O  L   centre, frame lines, shape of the print, ghost of the last photograph, level
//
// The same table is shown at the foot of the page. A slider that has the focus keeps the arrow keys, a button or link
// reached with Tab keeps Space and Enter, and a key together with Ctrl, Alt or Meta stays the browser's.

const BUTTONS = {
  KeyS: "s1",
  Space: "s2",
  Enter: "ok",
  KeyI: "function",
  KeyE: "encoder_press",
  KeyM: "menu",
  KeyP: "playback",
  Escape: "back",
  Backspace: "back",
  ArrowUp: "up",
  ArrowDown: "down",
  ArrowLeft: "left",
  ArrowRight: "right",
};
const STEPS = { "[": -1, "-": -1, "]": 1, "+": 1, "=": 1 };
const VIEWS = {
  KeyK: "peaking",
  KeyZ: "zebra",
  KeyH: "histogram",
  KeyF: "focus_meter",
  KeyG: "grid",
  KeyX: "zebra_level",
  KeyU: "underexposure",
  KeyC: "false_colour",
  KeyT: "spot",
  KeyW: "waveform",
  Digit1: "magnifier",
  KeyV: "split",
  Digit2: "magnification",
  KeyN: "centre",
  KeyB: "frame_lines",
  KeyA: "aspect",
  KeyO: "ghost",
  KeyL: "level",
};
const LEGEND = [
  ["S", "half-press, held"],
  ["Space", "shutter"],
  ["← ↑ ↓ →", "pad"],
  ["Enter", "OK"],
  ["[ ]", "dial"],
  ["E", "next dial"],
  ["Y", "grey point"],
  ["I", "info"],
  ["M", "menu"],
  ["P", "photographs"],
  ["Esc", "back"],
  ["K Z H F G", "overlays"],
  ["X U C T W", "exposure"],
  ["1 2 V", "magnifier"],
  ["N B A O L", "guides"],
];

export function bindKeys(buttons, dial, toggles, pickGrey) {
  showLegend();
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || belongsToFocus(event)) return;
    const code = codeOf(event);
    if (code in BUTTONS) {
      if (!event.repeat) buttons.press(BUTTONS[code]);
    } else if (event.key in STEPS) {
      dial.turn(STEPS[event.key]);
    } else if (code === "KeyY") {
      if (!event.repeat) pickGrey();
    } else if (code in VIEWS) {
      if (!event.repeat) toggles.flip(VIEWS[code]);
    } else {
      return;
    }
    event.preventDefault();
  });
  addEventListener("keyup", (event) => {
    const name = BUTTONS[codeOf(event)];
    if (name) buttons.release(name);
  });
}

// Letters by what is printed on them, whatever the layout, and Enter and the arrows of a numeric keypad by what they
// mean; the rest by the key itself.
function codeOf(event) {
  if (/^[a-z]$/i.test(event.key)) return `Key${event.key.toUpperCase()}`;
  return event.key in BUTTONS ? event.key : event.code;
}

function belongsToFocus(event) {
  const element = document.activeElement;
  if (document.getElementById("large").open) return true;
  const code = codeOf(event);
  if (element.matches("input")) return code.startsWith("Arrow");
  return element.matches("button, a") && (code === "Space" || code === "Enter");
}

function showLegend() {
  const legend = document.getElementById("legend");
  for (const [keys, meaning] of LEGEND) {
    const entry = legend.appendChild(document.createElement("span"));
    for (const key of keys.split(" ")) entry.appendChild(document.createElement("kbd")).textContent = key;
    entry.append(meaning);
  }
}
