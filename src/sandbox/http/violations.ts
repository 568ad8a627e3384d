import type { Quota } from './quota.ts';
import type { ProviderName } from './route.ts';

/** How a caller breaks a provider's rules. */
export const BROKEN = {
  'over-budget': 'The call was more than the rate limit allows.',
  'while-silent': 'The provider had told to be silent until a later moment.',
  'over-batch': 'The call named more ids than one call may.',
  'no-contact': 'The User-Agent names no contact.',
} as const;

export type Broken = keyof typeof BROKEN;

/** One broken limit. `at` and `detail` are for people; `earlyMs` is how much too early a call came, where that is the fault. */
export type Violation = {
  readonly at: string;
  readonly provider: ProviderName;
  readonly account: string | null;
  readonly endpoint: string;
  readonly broke: Broken;
  readonly earlyMs: number | null;
  readonly detail: string;
};

/** A call as it arrives. */
export type Arrival = {
  readonly provider: ProviderName;
  readonly account: string | null;
  readonly endpoint: string;
  readonly now: number;
  readonly quota: Quota | null;
  readonly ids: number;
  /** How many ids it may name; null for any number. */
  readonly most: number | null;
  /** Whether it lacks a contact that this provider wants. */
  readonly lacksContact: boolean;
};

export type Violations = {
  readonly total: number;
  readonly counts: Readonly<Partial<Record<ProviderName, Partial<Record<Broken, number>>>>>;
  /** The latest, oldest first. */
  readonly violations: readonly Violation[];
};

export type Silenced = { readonly provider: ProviderName; readonly endpoint: string | null };

const nameOf = ({ provider, endpoint }: Silenced): string => (endpoint === null ? provider : `${provider}/${endpoint}`);

/** Watches over the limits of all providers. */
export type Watch = {
  arrived(call: Arrival): void;
  /** The provider told its callers, now, to be silent until a moment, at all its endpoints or at one. */
  silenced(whose: Silenced, until: number, now: number): void;
  list(): Violations;
  reset(): void;
};

/** A call up to so much too early is no violation: clocks differ, and seconds are rounded. */
const TOLERATED_MS = 100;

/** Nor is one that was on its way when the provider told to be silent; both may share one busy process. */
const ON_ITS_WAY_MS = 500;

const KEPT = 1_000;

type Silence = { readonly from: number; readonly until: number };

/** Makes a watch that has seen nothing. */
export function watchOf(): Watch {
  const silences = new Map<string, Silence>();
  let counts: Partial<Record<ProviderName, Partial<Record<Broken, number>>>> = {};
  let kept: Violation[] = [];
  let total = 0;

  const broke = (
    { provider, account, endpoint, now }: Arrival,
    rule: Broken,
    earlyMs: number | null,
    detail: string,
  ) => {
    total += 1;
    counts[provider] = { ...counts[provider], [rule]: (counts[provider]?.[rule] ?? 0) + 1 };
    kept.push({ at: new Date(now).toISOString(), provider, account, endpoint, broke: rule, earlyMs, detail });
    if (kept.length > KEPT) kept = kept.slice(-KEPT);
  };

  /** How much too early the call came, as far as that counts. */
  const early = (until: number, now: number): number => (until - now > TOLERATED_MS ? until - now : 0);

  const tooSoonFor = (whose: Silenced, now: number): number => {
    const silence = silences.get(nameOf(whose));
    return silence !== undefined && now > silence.from ? early(silence.until, now) : 0;
  };

  const judgeTime = (call: Arrival): void => {
    const { now, quota, provider, endpoint } = call;
    const tooSoon = Math.max(tooSoonFor({ provider, endpoint: null }, now), tooSoonFor({ provider, endpoint }, now));
    const over = quota?.exceeded === true ? early(quota.resetAt, now) : 0;
    if (tooSoon > 0) broke(call, 'while-silent', tooSoon, `told to be silent for ${tooSoon} ms more`);
    else if (over > 0) broke(call, 'over-budget', over, `more than ${quota?.limit} calls; free in ${over} ms`);
  };

  return {
    arrived: (call) => {
      judgeTime(call);
      const { ids, most } = call;
      if (most !== null && ids > most) broke(call, 'over-batch', null, `${ids} ids where ${most} are allowed`);
      if (call.lacksContact) broke(call, 'no-contact', null, BROKEN['no-contact']);
    },
    silenced: (whose, until, now) => {
      const before = silences.get(nameOf(whose));
      if (before !== undefined && before.until >= until) return;
      const isOn = before !== undefined && before.until > now;
      silences.set(nameOf(whose), { from: isOn ? before.from : now + ON_ITS_WAY_MS, until });
    },
    list: () => ({ total, counts, violations: kept }),
    reset: () => {
      silences.clear();
      counts = {};
      kept = [];
      total = 0;
    },
  };
}
