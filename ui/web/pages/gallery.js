// The last photographs, newest first: a small picture, name, exposure and marks, and both files to download. One that is
// opened is shown large, where it can be marked.

import { bindLarge } from "./large.js";
import { merging } from "./remote.js";

export function bindGallery() {
  const list = document.getElementById("photos");
  const none = document.getElementById("no-photos");
  const shown = new Map(); // name -> its element and what it was made of
  const refresher = merging(load);
  const large = bindLarge(() => refresher.put(true));

  async function load() {
    try {
      const response = await fetch("/photos");
      const answer = await response.json();
      show(answer.photos ?? []);
      none.textContent = answer.message ?? "Nothing yet: press the shutter.";
      none.hidden = list.childElementCount > 0;
    } catch {
      // The web process is gone; the list stays, and is loaded anew when it is back.
    }
  }

  function show(photos) {
    const entries = photos.map(entryFor);
    list.replaceChildren(...entries);
    large.listed(photos);
    for (const name of shown.keys()) if (!photos.some((photo) => photo.name === name)) shown.delete(name);
  }

  function entryFor(photo) {
    const made = JSON.stringify(photo);
    const known = shown.get(photo.name);
    if (known?.made === made) return known.element;
    const element = photoElement(photo, large.open);
    shown.set(photo.name, { made, element });
    return element;
  }

  return { refresh: () => refresher.put(true) };
}

function photoElement(photo, enlarge) {
  const entry = document.getElementById("photo").content.cloneNode(true).firstElementChild;
  const name = photo.name.split("/").pop();
  entry.dataset.name = photo.name;
  const picture = entry.querySelector("img");
  picture.alt = `Photograph ${name}`;
  picture.src = `/thumbnail/${photo.name}`;
  picture.addEventListener("error", () => entry.classList.add("unreadable"), { once: true });
  entry.querySelector("button").addEventListener("click", () => enlarge(photo));
  entry.querySelector(".name").textContent = name;
  entry.querySelector(".exposure").textContent = exposureLine(photo);
  entry.querySelector(".files").append(...photo.files.map(link));
  return entry;
}

function link(path) {
  const anchor = document.createElement("a");
  anchor.href = `/file/${path}`;
  anchor.download = path.split("/").pop();
  anchor.textContent = path.split(".").pop();
  return anchor;
}

function exposureLine(photo) {
  const parts = [];
  if (photo.exposure_us > 0) parts.push(shutterText(photo.exposure_us));
  if (photo.iso > 0) parts.push(`ISO ${photo.iso}`);
  if (photo.taken_at) parts.push(photo.taken_at.slice(11, 16));
  if (photo.rating > 0) parts.push("\u2605".repeat(photo.rating));
  if (photo.rating < 0) parts.push("rejected");
  if (photo.protected) parts.push("protected");
  return parts.join("  ");
}

function shutterText(exposureUs) {
  if (exposureUs >= 300_000) return `${Number((exposureUs / 1e6).toPrecision(2))} s`;
  return `1/${Math.round(1e6 / exposureUs)} s`;
}
