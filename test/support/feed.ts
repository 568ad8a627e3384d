import { once } from 'node:events';
import { Registry } from 'prom-client';
import { WebSocket } from 'ws';
import { postgresFeedLog } from '#adapters/postgres/feed-log.ts';
import { postgresReads } from '#adapters/postgres/reads/reads.ts';
import { readWithdrawalPlan, readWithdrawn } from '#adapters/postgres/reads/withdrawal.ts';
import type { FeedPorts, FeedSettings } from '#feed/context.ts';
import type { LetterOrders } from '#feed/letter-orders.ts';
import { startFeed } from '#feed/server.ts';
import type { ReplayPort } from '#replay/replay-port.ts';
import { aReadModel } from './read-model.ts';

/** The answers of all routes in one, as far as tests look into them. */
type Body = {
  readonly items: readonly {
    readonly trackId: string;
    readonly runId: string;
    readonly playlistId: string;
    readonly tracks: number;
  }[];
  readonly next: string | null;
  readonly cursor: number;
  readonly phases: unknown;
  readonly openapi: string;
  readonly paths: object;
};

const unused = async (): Promise<never> => {
  throw new Error('not used here');
};
const noReplays: ReplayPort = {
  list: async () => [],
  one: async () => null,
  plan: unused,
  start: unused,
  move: unused,
};
const refused = async () => ({ kind: 'refused', message: 'not used here' }) as const;
const noOrders: LetterOrders = { plan: refused, redrive: refused, resolve: refused };

/** A feed server on a read model of its own. */
export async function aFeed(over: Partial<FeedPorts> = {}, settings: Partial<FeedSettings> = {}) {
  const model = await aReadModel();
  const failures: unknown[] = [];
  const ports: FeedPorts = {
    reads: postgresReads(model.pool),
    log: postgresFeedLog(model.pool),
    ingest: async () => ({ kind: 'unreadable', message: 'not used here' }),
    cancel: async () => null,
    openLetter: async () => null,
    readTimeline: async () => null,
    readTrackAt: async () => null,
    replays: noReplays,
    letterOrders: noOrders,
    withdrawals: {
      of: (trackId) => readWithdrawn(model.pool, trackId),
      plan: (trackId) => readWithdrawalPlan(model.pool, trackId),
      withdraw: unused,
    },
    ready: async () => void (await model.pool.query('select 1')),
    providers: { spotify: 'sandbox', credits: 'off', publishing: 'real', links: 'real', analytics: 'real' },
    registry: new Registry(),
    failed: (error) => failures.push(error),
    ...over,
  };
  const start = (more: Partial<FeedSettings> = {}) =>
    startFeed({ host: '127.0.0.1', port: 0, ...settings, ...more }, ports);
  let server = await start();
  const get = async (path: string, init?: RequestInit) => {
    const response = await fetch(new URL(path, server.url), init);
    return { status: response.status, body: (await response.json()) as Body };
  };
  /** The server goes away, and comes back under the same address. */
  const stop = () => server.close();
  const startAgain = async () => {
    server = await start({ port: Number(new URL(server.url).port) });
  };
  const close = async () => {
    await server.close();
    await model.close();
  };
  return { url: server.url, model, ports, failures, get, start, stop, startAgain, close };
}

export type Received = { type: string; cursor: number; data?: { trackId?: string }; [key: string]: unknown };

/** A client of the feed that keeps what it got. */
export async function aFeedClient(url: string, since?: number, headers: Record<string, string> = {}) {
  const address = new URL(since === undefined ? '/v1/feed' : `/v1/feed?since=${since}`, url);
  address.protocol = 'ws:';
  const socket = new WebSocket(address, { headers });
  const received: Received[] = [];
  const arrived = new EventTarget();
  const closed = new Promise<number>((resolve) => socket.once('close', resolve));
  socket.on('message', (text) => {
    received.push(JSON.parse(String(text)));
    arrived.dispatchEvent(new Event('message'));
  });
  await once(socket, 'open');
  /** Waits until what was received fulfils the condition. */
  const until = async (fulfilled: (received: readonly Received[]) => boolean, deadlineMs = 10_000) => {
    const signal = AbortSignal.timeout(deadlineMs);
    while (!fulfilled(received)) await once(arrived, 'message', { signal });
    return received;
  };
  return { socket, received, closed, until };
}
