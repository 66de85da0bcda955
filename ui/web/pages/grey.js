// White balance by something grey: what the spot meter's square sees. The camera refuses what is clipped or too dark.

import { callInOrder } from "./remote.js";

export function bindGrey() {
  const pick = () => callInOrder("PickGrey", {});
  document.getElementById("grey").addEventListener("click", pick);
  return pick;
}
