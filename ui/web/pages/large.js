// One photograph, large: to be looked at, given stars, protected, deleted.
//
//   0 to 5   stars          P   protect, or no longer          Delete   delete, after a question
//   arrow left, right       the photograph before, the one after          Escape   back

import { call } from "./remote.js";

const STARS = [1, 2, 3, 4, 5];

// `marked` is called when something about a photograph may be another; `listed` gives their list, newest first.
export function bindLarge(marked) {
  const dialog = document.getElementById("large");
  const part = (name) => dialog.querySelector(name);
  const stars = STARS.map((count) => starButton(count, () => rate(count === photo.rating ? 0 : count)));
  part(".stars").append(...stars);
  let photos = [];
  let photo = null;

  part(".protect").addEventListener("click", protect);
  part(".delete").addEventListener("click", remove);
  part(".close").addEventListener("click", () => dialog.close());
  part("img").addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  dialog.addEventListener("close", () => {
    photo = null;
    part("img").removeAttribute("src");
  });
  dialog.addEventListener("keydown", (event) => {
    const act = event.ctrlKey || event.altKey || event.metaKey ? undefined : actionOf(event.key);
    if (!act || event.repeat) return;
    event.preventDefault();
    act();
  });

  function actionOf(key) {
    if (/^[0-5]$/.test(key)) return () => rate(Number(key));
    return { p: protect, Delete: remove, ArrowLeft: () => go(1), ArrowRight: () => go(-1) }[key];
  }

  function open(wanted) {
    photo = photos.find((each) => each.name === wanted.name) ?? wanted;
    const jpeg = photo.files.find((path) => path.endsWith(".JPG"));
    part("img").src = jpeg ? `/file/${jpeg}` : `/thumbnail/${photo.name}`;
    part("img").alt = `Photograph ${photo.name}`;
    part(".name").textContent = photo.name.split("/").pop();
    say("");
    show();
    if (!dialog.open) dialog.showModal();
  }

  function show() {
    stars.forEach((star, index) => star.setAttribute("aria-pressed", index < photo.rating));
    part(".protect").setAttribute("aria-pressed", photo.protected);
    part(".delete").disabled = photo.protected;
  }

  function listed(now) {
    photos = now;
    if (photo === null) return;
    const same = photos.find((each) => each.name === photo.name);
    if (same === undefined) {
      dialog.close();
    } else {
      photo = same;
      show();
    }
  }

  function go(steps) {
    const next = photos[photos.findIndex((each) => each.name === photo.name) + steps];
    if (next) open(next);
  }

  function rate(rating) {
    mark("Rate", { rating });
  }

  function protect() {
    mark("Protect", { on: !photo.protected });
  }

  function remove() {
    if (photo.protected) say("It is protected: take the protection away first.");
    else if (confirm(`Delete ${part(".name").textContent}? For a minute it can be undone.`)) mark("Delete");
  }

  async function mark(method, parameters = {}) {
    const { name } = photo;
    const refusal = await call(method, { name, ...parameters });
    if (photo?.name === name) say(refusal);
    marked();
  }

  function say(sentence) {
    part(".said").textContent = sentence;
  }

  return { open, listed };
}

function starButton(count, clicked) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "\u2605";
  button.setAttribute("aria-label", count === 1 ? "1 star" : `${count} stars`);
  button.addEventListener("click", clicked);
  return button;
}
