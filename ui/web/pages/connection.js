// A websocket that comes back by itself: tries again ever more slowly, and at once when the page is looked at again.

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 3000;
const SILENCE_MS = 6000; // three heartbeats missed: the network swallows everything without closing

// Calls message(data, acknowledge) for each message, open() on each connection, lost() on each loss or failed attempt.
// path() is asked before each connection. The server sends the next message only once acknowledge() was called. With
// `heartbeat`, silence is a loss, too.
export function follow(path, { message, open = () => {}, lost = () => {}, heartbeat = false }) {
  let wait = FIRST_WAIT_MS;
  let socket = null;
  let retry = 0;
  let silence = 0;

  function connect() {
    clearTimeout(retry);
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    const mine = new WebSocket(`${scheme}//${location.host}${path()}`);
    socket = mine;
    mine.binaryType = "blob";
    mine.onopen = () => {
      open();
      listen();
    };
    mine.onmessage = ({ data }) => {
      wait = FIRST_WAIT_MS;
      listen();
      message(data, () => mine.readyState === WebSocket.OPEN && mine.send("+"));
    };
    mine.onclose = () => mine === socket && again();
  }

  function listen() {
    clearTimeout(silence);
    if (heartbeat) silence = setTimeout(again, SILENCE_MS);
  }

  function hangUp() {
    clearTimeout(silence);
    clearTimeout(retry);
    const old = socket;
    socket = null;
    old?.close();
  }

  function again() {
    hangUp();
    lost();
    retry = setTimeout(connect, wait);
    wait = Math.min(2 * wait, LONGEST_WAIT_MS);
  }

  function lookedAt() {
    if (!document.hidden && socket === null) connect();
  }

  document.addEventListener("visibilitychange", lookedAt); // a phone that was in a pocket
  addEventListener("pagehide", hangUp); // a page kept for the back button looks at nothing and can let go of nothing
  addEventListener("pageshow", lookedAt);
  connect();
}
