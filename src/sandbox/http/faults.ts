import { z } from 'zod';
import { draw } from '../catalogue/draw.ts';
import { type SpotifyProfile, spotifyProfile } from '../spotify/profile.ts';
import { type ProviderName, providerNames } from './route.ts';

/**
 * A fault to inject. Instead of the answer: `down` (503 with an HTML page), `cut` (the connection is closed), `hang` (no answer
 * ever), `html` (200 with an HTML page), `status:NNN` (that status in the provider's words), `quota` (429 for a quota that is
 * spent). To the answer: `empty`, `truncated` (its second half is missing), `cut-short` (the connection is closed in the middle),
 * `slow` (it takes `ms`), `drift` (every key called `field` has another name). Once: `expire` (ends all tokens),
 * `profile:NAME` (what the Spotify account is given). `ok` ends the provider's faults.
 * `share` of the calls are hit (default all), `burst` in a row, for at most `count` hits.
 */
export const faultSchema = z.object({
  provider: z.enum(providerNames),
  mode: z.union([
    z.enum([
      'ok',
      'down',
      'cut',
      'hang',
      'html',
      'quota',
      'empty',
      'truncated',
      'cut-short',
      'slow',
      'drift',
      'expire',
    ]),
    z.templateLiteral(['status:', z.number().int().min(400).max(599)]),
    z.templateLiteral(['profile:', spotifyProfile]),
  ]),
  endpoint: z.string().nullable().default(null),
  share: z.number().min(0).max(1).default(1),
  burst: z.number().int().positive().default(1),
  count: z.number().int().positive().nullable().default(null),
  /** Seconds, for the `Retry-After` header of a status. */
  retryAfter: z.number().int().nonnegative().nullable().default(null),
  /** How long a slow answer takes, in milliseconds. */
  ms: z.number().int().positive().default(20_000),
  /** The key that drifts. */
  field: z.string().min(1).default('name'),
});
export type FaultOrder = z.input<typeof faultSchema>;
export type Fault = z.output<typeof faultSchema>;

/** The faults that are on. One order for a provider and endpoint replaces the one before. */
export type Faults = {
  set(order: FaultOrder): Fault;
  /** The fault that hits this call, or null; counts the hit. */
  hit(provider: ProviderName, endpoint: string): Fault | null;
  list(): readonly Fault[];
  /** What the Spotify account is given now. */
  profile(): SpotifyProfile;
  /** Ends all faults; the account is given what it was at the start. */
  clear(): void;
};

const PROFILE = 'profile:';

/** Makes the faults of one sandbox; which calls a share hits depends on the seed and the order of calls only. */
export function faultsOf(seed: string, initially: SpotifyProfile = 'extended'): Faults {
  let profile = initially;
  const active = new Map<string, { fault: Fault; seen: number; hits: number }>();
  const strike = (key: string): Fault | null => {
    const entry = active.get(key);
    if (entry === undefined || (entry.fault.count !== null && entry.hits >= entry.fault.count)) return null;
    const turn = Math.floor(entry.seen / entry.fault.burst);
    entry.seen += 1;
    if (!draw(seed, 'fault', key).chance(entry.fault.share, String(turn))) return null;
    entry.hits += 1;
    return entry.fault;
  };
  const end = (key: string): void => {
    for (const known of active.keys()) if (known === key || known.startsWith(`${key}/`)) active.delete(known);
  };
  return {
    set: (order) => {
      const fault = faultSchema.parse(order);
      const key = keyOf(fault.provider, fault.endpoint);
      if (fault.mode === 'ok') end(key);
      else if (fault.mode.startsWith(PROFILE)) profile = spotifyProfile.parse(fault.mode.slice(PROFILE.length));
      else if (fault.mode !== 'expire') active.set(key, { fault, seen: 0, hits: 0 });
      return fault;
    },
    hit: (provider, endpoint) => strike(keyOf(provider, endpoint)) ?? strike(keyOf(provider, null)),
    list: () => [...active.values()].map(({ fault }) => fault),
    profile: () => profile,
    clear: () => {
      active.clear();
      profile = initially;
    },
  };
}

const keyOf = (provider: ProviderName, endpoint: string | null): string =>
  endpoint === null ? provider : `${provider}/${endpoint}`;
