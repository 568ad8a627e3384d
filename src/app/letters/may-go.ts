import type { AccountStanding } from '#adapters/postgres/governor-standing.ts';
import type { PhaseName } from '#track/phase.ts';

/** Codes of letters that say no more than that a provider, or an endpoint of it, was away. */
export const AWAY = ['PROVIDER_DOWN', 'ENDPOINT_LIMITED'] as const;

/** The provider accounts on which a phase can be left without an endpoint. */
const ACCOUNT: Readonly<Record<PhaseName, string>> = {
  spotify: 'spotify',
  credits: 'web-player',
  publishing: 'mlc',
  links: 'musicbrainz',
  analytics: 'chartmetric',
};

/** How a phase stands with its provider at a moment. */
export type Standing = {
  readonly phase: PhaseName;
  readonly now: number;
  /** Since when the stage is paused, or `null`. */
  readonly pausedSince: number | null;
  readonly patienceMs: number;
  readonly accounts: readonly AccountStanding[];
};

/** Which letters of a code may be sent again now: all, one as a probe, or none. */
export function mayGo(
  code: (typeof AWAY)[number],
  { phase, now, pausedSince, patienceMs, accounts }: Standing,
): 'all' | 'probe' | null {
  const isEndpointAway = accounts.some(({ account, endpoints }) => account === ACCOUNT[phase] && endpoints.length > 0);
  if (code === 'ENDPOINT_LIMITED') return pausedSince === null && !isEndpointAway ? 'all' : null;
  if (pausedSince === null) return 'all';
  return now > pausedSince + patienceMs ? 'probe' : null;
}
