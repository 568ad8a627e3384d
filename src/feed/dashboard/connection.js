const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 15_000;

/**
 * Follows the feed from a cursor on, for ever: a lost connection is made anew after the last cursor seen, so nothing is missed.
 * @param {number} since
 * @param {{message: (message: object) => void, state: (state: 'live' | 'away') => void, reset: () => void}} told
 *   `reset`: the server cannot resume from our cursor, so everything has to be read again
 */
export function follow(since, told) {
  let cursor = since;
  let wait = FIRST_WAIT_MS;

  function connect() {
    const url = new URL(`/v1/feed?since=${cursor}`, location.href);
    url.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';
    const socket = new WebSocket(url);
    socket.addEventListener('message', ({ data }) => receive(JSON.parse(data)));
    socket.addEventListener('close', () => {
      told.state('away');
      setTimeout(connect, wait * (0.5 + Math.random() / 2));
      wait = Math.min(wait * 2, LONGEST_WAIT_MS);
    });
  }

  function receive(message) {
    wait = FIRST_WAIT_MS;
    cursor = message.cursor;
    if (message.type === 'reset') told.reset();
    if (message.type === 'hello' || message.type === 'reset') told.state('live');
    else told.message(message);
  }

  connect();
}
