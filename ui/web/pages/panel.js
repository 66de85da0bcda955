// The panel: each JPEG that comes is drawn and then acknowledged; only then does the server send a newer one.

const STILL_MS = 3000; // no picture for that long while the camera runs: its viewfinder is not drawing
const SMALLEST_PX = 480; // a 240 x 240 panel is shown at twice its size

export function bindPanel(status) {
  const canvas = document.getElementById("panel");
  const context = canvas.getContext("2d", { alpha: false });
  let still = setTimeout(() => status.drawing(false), STILL_MS);
  let frames = 0;

  async function draw(jpeg, acknowledge) {
    try {
      const picture = await createImageBitmap(jpeg);
      show(picture);
      picture.close();
    } finally {
      await visible();
      acknowledge();
    }
  }

  function show(picture) {
    if (canvas.width !== picture.width || canvas.height !== picture.height) {
      canvas.width = picture.width;
      canvas.height = picture.height;
      canvas.parentElement.style.setProperty("--panel-width", `${Math.max(picture.width, SMALLEST_PX)}px`);
    }
    context.drawImage(picture, 0, 0);
    canvas.dataset.frames = ++frames;
    status.drawing(true);
    clearTimeout(still);
    still = setTimeout(() => status.drawing(false), STILL_MS);
  }

  return { draw };
}

// A page in the background asks for no pictures.
function visible() {
  if (!document.hidden) return Promise.resolve();
  return new Promise((resolve) => document.addEventListener("visibilitychange", resolve, { once: true }));
}
