import type { Limit } from './quota.ts';
import type { ProviderName } from './route.ts';

/** Shortest and longest time to answer, in milliseconds. */
export type Latency = readonly [least: number, most: number];

/** How fast and how strict the stand-ins are. */
export type Pace = {
  /** By provider, or by `provider/endpoint` where one endpoint differs. */
  latency: Readonly<Record<string, Latency>>;
  /** How long a page waits before it hydrates. */
  hydrate: Latency;
  limits: Readonly<Partial<Record<ProviderName, Limit>>>;
};

export const paceNames = ['demo', 'real', 'zero'] as const;
export type PaceName = (typeof paceNames)[number];

/**
 * `demo` shows work at work without waiting for it, `real` has latencies and limits in the order of the real services
 * (Spotify's and The MLC's limits are not published: guesses), `zero` is for tests that count and kill.
 */
export const paces: Readonly<Record<PaceName, Pace>> = {
  demo: {
    latency: { spotify: [8, 25], 'web-player': [5, 20], mlc: [15, 40], musicbrainz: [10, 30], chartmetric: [5, 20] },
    hydrate: [10, 40],
    limits: {},
  },
  real: {
    latency: {
      spotify: [80, 250],
      'web-player': [150, 500],
      'web-player/track-page': [1_500, 4_000],
      mlc: [200, 700],
      musicbrainz: [60, 400],
      chartmetric: [100, 400],
    },
    hydrate: [400, 1_500],
    limits: {
      spotify: { windowMs: 30_000, calls: 90, refusedCount: false, penaltyMs: 5_000 },
      'web-player': { windowMs: 60_000, calls: 400, refusedCount: false },
      mlc: { windowMs: 1_000, calls: 4, refusedCount: false },
      musicbrainz: { windowMs: 10_000, calls: 10, refusedCount: false },
      chartmetric: { windowMs: 1_000, calls: 1, refusedCount: true },
    },
  },
  zero: { latency: {}, hydrate: [0, 0], limits: {} },
};

/** The latency of an endpoint in a pace; none where nothing is said. */
export function latencyOf(pace: Pace, provider: ProviderName, endpoint: string): Latency {
  return pace.latency[`${provider}/${endpoint}`] ?? pace.latency[provider] ?? [0, 0];
}
