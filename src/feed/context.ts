import type { Registry } from 'prom-client';
import type { ReplayPort } from '#replay/replay-port.ts';
import type { PhaseName } from '#track/phase.ts';
import type { Hub } from './hub.ts';
import type { LetterOrders } from './letter-orders.ts';
import type { OpenLetter } from './letter-ports.ts';
import type { CancelPort, FeedLog, IngestPort, ProviderMode, Reads } from './ports.ts';
import type { ReadTimeline, ReadTrackAt } from './timeline-ports.ts';
import type { WithdrawalPort } from './withdrawal-ports.ts';

/** What the feed server is made of. */
export type FeedPorts = {
  readonly reads: Reads;
  readonly log: FeedLog;
  readonly ingest: IngestPort;
  readonly cancel: CancelPort;
  readonly openLetter: OpenLetter;
  readonly readTimeline: ReadTimeline;
  readonly readTrackAt: ReadTrackAt;
  readonly replays: ReplayPort;
  readonly letterOrders: LetterOrders;
  readonly withdrawals: WithdrawalPort;
  /** Answers or throws: whether the database is there. */
  readonly ready: () => Promise<void>;
  readonly providers: Readonly<Record<PhaseName, ProviderMode>>;
  readonly registry: Registry;
  /** Told of what went wrong inside, with the request when there was one. */
  readonly failed: (error: unknown, request: { readonly method: string; readonly url: string } | null) => void;
};

export type FeedSettings = {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Largest body of `POST /v1/playlists`. */
  readonly maxBodyBytes: number;
  readonly heartbeatMs: number;
  readonly maxClients: number;
  /** Requests a minute and address. */
  readonly requestsPerMinute: number;
};

export const FEED_DEFAULTS = {
  maxBodyBytes: 33_554_432,
  heartbeatMs: 15_000,
  maxClients: 1000,
  requestsPerMinute: 6000,
} as const;

/** What a route has at hand. */
export type RouteContext = FeedPorts & { readonly hub: Hub; readonly settings: FeedSettings };
