import type { Failure } from '#stream/failure.ts';
import type { Freshness } from './freshness.ts';

/**
 * What a provider said under one key. Four of these are facts, also the three that hold nothing; `failed` never is:
 * an error does not become a fact. `fetchedAt` is when the provider answered, in milliseconds since the epoch.
 */
export type Answer<Facts> =
  | { readonly kind: 'found'; readonly facts: Facts; readonly fetchedAt: number }
  | { readonly kind: 'not_found'; readonly fetchedAt: number }
  | { readonly kind: 'restricted'; readonly fetchedAt: number }
  | { readonly kind: 'not_offered'; readonly fetchedAt: number }
  | { readonly kind: 'failed'; readonly failure: Failure };

/** The scope of one question: who waits, in which lane, and how fresh an old answer must be. */
export type Asking = {
  /** Ends the wait, not the call: the answer is stored all the same. */
  readonly signal: AbortSignal;
  readonly lane: 'live' | 'replay';
  /** The batch's clock. */
  readonly now: number;
  /** Ledger answers fetched before this moment do not count (a forced replay); `null`: freshness decides. */
  readonly notBefore: number | null;
  /** How long facts count; the defaults when absent. */
  readonly freshness?: Freshness;
  /** The run for which is asked; calls are attributed to it. */
  readonly run?: string;
  /** Told how this question was answered. */
  readonly told?: (asked: Asked) => void;
  /** Why nobody may be called now: then the ledger answers, or this failure does. Absent or `null`: calls are made. */
  readonly closed?: Failure | null;
};

/** How one question was answered. */
export type Asked = {
  readonly provider: string;
  readonly kind: string;
  readonly key: string;
  /** Out of the ledger, by a call that was under way already, by one that was made for it, or not at all: nobody may be called. */
  readonly how: 'ledger' | 'joined' | 'asked' | 'closed';
  readonly outcome: Answer<unknown>['kind'];
  /** Of the failure, when the outcome is one. */
  readonly code: string | null;
};

/** One lookup of one provider by key: the form of every method of every client. */
export type Lookup<Key, Facts> = (key: Key, asking: Asking) => Promise<Answer<Facts>>;
