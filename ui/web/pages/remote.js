// Calls of the camera's protocol, as POST /call/METHOD with JSON.

const GONE = "This page has lost its server.";
let complain = () => {};
let listener = "";

// By which name the server is to know this page from its next socket on, so that it lets go of what the page holds
// when that is there no more. (crypto.randomUUID() is only for pages that came by https.)
export function renamed() {
  listener = [...crypto.getRandomValues(new Uint8Array(8))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return listener;
}

export function currentName() {
  return listener;
}

// Where the camera's sentence goes when it refuses a call.
export function onRefusal(say) {
  complain = say;
}

// One call, of a button in the name by which that was pressed; resolves once answered, and never rejects: a refusal has
// been said to the person by then, and is what it resolves to, "" where the camera agreed.
export async function call(method, parameters = {}, name = listener) {
  try {
    const response = await fetch(`/call/${method}?listener=${name}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(parameters),
      keepalive: true, // letting go of a button must get through although the page is being closed
    });
    if (response.ok) return "";
    const sentence = (await response.json()).message;
    complain(sentence);
    return sentence;
  } catch {
    return GONE; // status.js says so too, from its closed websocket
  }
}

// Calls that keep their order, for buttons: a browser sends parallel requests in any order it likes.
let last = Promise.resolve();
export function callInOrder(method, parameters, name = listener) {
  last = last.then(() => call(method, parameters, name));
  return last;
}

// A sender with one call under way at most. What is sent meanwhile is merged, so the newest goes out next.
export function merging(send, merge = (_, newest) => newest) {
  let waiting = null;
  let sending = false;
  async function put(value) {
    waiting = waiting === null ? value : merge(waiting, value);
    if (sending) return;
    sending = true;
    while (waiting !== null) {
      const next = waiting;
      waiting = null;
      await send(next);
    }
    sending = false;
  }
  return { put, busy: () => sending };
}
