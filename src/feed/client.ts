import type { WebSocket } from 'ws';
import type { Hub } from './hub.ts';

/** Messages read and sent at a time; also the most that one client can hold in memory. */
const BATCH = 100;

/** WebSocket close codes (RFC 6455 and its registry). */
export const CLOSE = { goingAway: 1001, trouble: 1011, tryLater: 1013 } as const;

/**
 * Sends the feed to one client, from a cursor on, as fast as it takes it: the next batch is read when the last one has left.
 * Ends with the connection.
 */
export async function serveClient(socket: WebSocket, hub: Hub, since: number, heartbeatMs: number): Promise<void> {
  const gone = new AbortController();
  socket.once('close', () => gone.abort());
  socket.on('error', () => socket.terminate());
  const stopBeating = beat(socket, heartbeatMs);
  try {
    let cursor = since;
    while (!gone.signal.aborted) {
      const batch = await hub.after(cursor, BATCH);
      await sent(socket, batch);
      cursor = batch.at(-1)?.cursor ?? cursor;
      if (batch.length === 0) await hub.moved(cursor, gone.signal);
    }
  } catch {
    socket.close(CLOSE.trouble, 'the feed cannot be read; come back with your cursor');
  } finally {
    stopBeating();
  }
}

/** Resolves when the batch has been handed to the network, or the connection is gone. */
function sent(socket: WebSocket, batch: readonly { readonly text: string }[]): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const [last, ...rest] = batch.toReversed();
  if (last === undefined) return Promise.resolve();
  for (const { text } of rest.reverse()) socket.send(text, () => undefined);
  socket.send(last.text, () => resolve());
  return promise;
}

/** Pings; a client that did not answer the last ping is gone without saying so. */
function beat(socket: WebSocket, everyMs: number): () => void {
  let alive = true;
  socket.on('pong', () => {
    alive = true;
  });
  const timer = setInterval(() => {
    if (!alive) return socket.terminate();
    alive = false;
    socket.ping();
  }, everyMs);
  return () => clearInterval(timer);
}
