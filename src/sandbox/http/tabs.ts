import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Reply } from './route.ts';

/** Pages that are open in browsers: now, and the most at once since the last reset. */
export type TabCount = { now: number; peak: number };

/** The sandbox's own count of tabs. A tab counts from the request for its document until the page tells that it is gone. */
export type Tabs = {
  /** Counts a tab whose document is asked for; the document tells the page how to be counted on. */
  enter(response: ServerResponse): (reply: Reply) => Reply;
  /** Takes the connection that an open page keeps; false when it is none. */
  connect(request: IncomingMessage, socket: Duplex): boolean;
  count(): TabCount;
  /** Forgets the peak; open tabs still count. */
  reset(): void;
  close(): void;
};

const PATH = '/_tab/';
/** A page whose script never ran (a client without one, a tab closed at once) cannot tell that it is gone. */
const SILENT_MS = 2_000;
/** RFC 6455, 1.3. */
const WEBSOCKET_KEY = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/**
 * A WebSocket: it holds none of the few connections that a browser opens to a host, and delays neither `load` nor "network idle".
 * It opens before the page's own script, which may never end.
 */
const script = (visit: number): string =>
  `<script>window.sandboxTab = new WebSocket(location.origin.replace('http', 'ws') + '${PATH}${visit}')</script>`;

const DOCTYPE = '<!doctype html>';

export function tabsOf(): Tabs {
  const open = new Set<number>();
  const sockets = new Set<Duplex>();
  let visits = 0;
  let peak = 0;
  const count = (visit: number): void => {
    open.add(visit);
    peak = Math.max(peak, open.size);
  };
  const connected = new Set<number>();
  const silent = new Map<number, Socket>();
  const watched = new WeakSet<Socket>();

  const lapse = (visit: number): void => {
    if (silent.delete(visit)) open.delete(visit);
  };
  const lapseWith = (socket: Socket): void => {
    if (watched.has(socket)) return;
    watched.add(socket);
    socket.once('close', () => {
      for (const [visit, its] of silent) if (its === socket) lapse(visit);
    });
  };

  const enter = (response: ServerResponse): ((reply: Reply) => Reply) => {
    visits += 1;
    const visit = visits;
    let tells = false;
    count(visit);
    response.once('close', () => {
      if (connected.has(visit)) return;
      silent.set(visit, response.req.socket);
      if (!tells || !response.writableFinished) return lapse(visit);
      lapseWith(response.req.socket);
      setTimeout(lapse, SILENT_MS, visit).unref();
    });
    return (reply) => {
      // Pages of errors are closed as soon as they have come.
      tells = reply.status < 400 && reply.body.startsWith(DOCTYPE);
      return tells ? { ...reply, body: reply.body.replace(DOCTYPE, `${DOCTYPE}${script(visit)}`) } : reply;
    };
  };

  const connect = (request: IncomingMessage, socket: Duplex): boolean => {
    const [, visit] = (request.url ?? '').split(PATH);
    const key = request.headers['sec-websocket-key'];
    if (visit === undefined || key === undefined) return false;
    const accept = createHash('sha1').update(`${key}${WEBSOCKET_KEY}`).digest('base64');
    const number = Number(visit);
    connected.add(number);
    silent.delete(number);
    count(number);
    sockets.add(socket);
    socket.once('close', () => {
      connected.delete(number);
      open.delete(number);
      sockets.delete(socket);
    });
    const close = (): void => void socket.end();
    // All that a page ever says is that it closes; one that is killed only hangs up.
    socket
      .on('data', close)
      .on('end', close)
      .on('error', () => socket.destroy());
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-accept: ${accept}\r\n\r\n`,
    );
    return true;
  };

  return {
    enter,
    connect,
    count: () => ({ now: open.size, peak }),
    reset: () => {
      peak = open.size;
    },
    close: () => {
      for (const socket of sockets) socket.destroy();
    },
  };
}
