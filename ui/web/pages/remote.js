// Calls of the camera's protocol, as POST /call/METHOD with JSON.

const GONE = "This page has lost its server.";
let complain = () => {};
let listener = "";

// Where the camera's sentence goes when it refuses a call.
export function onRefusal(say) {
  complain = say;
}

// By which name the server knows this page, so that it lets go of what the page held when it is there no more.
export function knownAs(name) {
  listener = name;
}

// One call; resolves once answered, and never rejects: a refusal has been said to the person by then, and is what it
// resolves to, "" where the camera agreed.
export async function call(method, parameters = {}) {
  try {
    const response = await fetch(`/call/${method}?listener=${listener}`, {
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
export function callInOrder(method, parameters) {
  last = last.then(() => call(method, parameters));
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
