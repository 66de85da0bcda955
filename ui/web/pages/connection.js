// A websocket that comes back by itself: tries again ever more slowly, and at once when the page is looked at again.

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 3000;
const SILENCE_MS = 6000; // three heartbeats missed: the network swallows everything without closing

// Calls message(data, acknowledge) for each message, open() on each connection, lost() on each loss or failed attempt.
// The server sends the next message only once acknowledge() was called. With `heartbeat`, silence is a loss, too.
export function follow(path, { message, open = () => {}, lost = () => {}, heartbeat = false }) {
  let wait = FIRST_WAIT_MS;
  let socket = null;
  let retry = 0;
  let silence = 0;

  function connect() {
    clearTimeout(retry);
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    const mine = new WebSocket(`${scheme}//${location.host}${path}`);
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

  function again() {
    clearTimeout(silence);
    const old = socket;
    socket = null;
    old?.close();
    lost();
    clearTimeout(retry);
    retry = setTimeout(connect, wait);
    wait = Math.min(2 * wait, LONGEST_WAIT_MS);
  }

  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && socket === null) connect(); // a phone that was in a pocket
  });
  connect();
}
