/** Who stands behind the providers' clients: the ledger of answers and the governor of calls. */

/** One stored answer, as received: also "no such thing". Only answers that pass the wire schema are stored. */
export type LedgerEntry = {
  readonly provider: string;
  /** Entity kind within the provider, for example `track`, `album`, `isrc`. */
  readonly kind: string;
  readonly key: string;
  readonly outcome: 'found' | 'not_found' | 'restricted' | 'not_offered';
  /** The wire value; `null` unless found. */
  readonly body: unknown;
  readonly fetchedAt: number;
  /** Capability profile of the account that asked; an upgrade makes `not_offered` stale. */
  readonly profile: string;
};

export type Ledger = {
  /** The entries under these keys that were fetched at or after `notBefore`, by key. Keys without one are absent. */
  find(
    provider: string,
    kind: string,
    keys: readonly string[],
    notBefore: number,
  ): Promise<ReadonlyMap<string, LedgerEntry>>;
  /** Resolves when the entries are kept. An older entry never replaces a newer one. */
  store(entries: readonly LedgerEntry[]): Promise<void>;
  /** Claims what nobody else asks for now, so that of many processes one asks. */
  claim(wanted: Claim): Promise<Claimed>;
  /** Lets go of claims, once for each time that they were got. Claims of a process that dies lapse by themselves. */
  release(provider: string, kind: string, keys: readonly string[]): Promise<void>;
};

/** Keys that a process wants to ask a provider for. */
export type Claim = {
  readonly provider: string;
  readonly kind: string;
  /** Distinct. */
  readonly keys: readonly string[];
  /** A live claim takes a key over from another process's replay, whose call may wait long. */
  readonly lane: 'live' | 'replay';
  /** How old an entry may be to be told. */
  readonly notBefore: number;
};

export type Claimed = {
  /** The keys that are ours to ask for until they are released; others are asked for by another process. */
  readonly ours: ReadonlySet<string>;
  /** Entries under any of the keys, read after the claims were taken: what the one who asked before us has stored. */
  readonly entries: ReadonlyMap<string, LedgerEntry>;
};

/** Leave to send one request, good until `lapsesAt`; or the news that the account, or this endpoint of it, must keep silent until a moment. */
export type Slot =
  | {
      readonly kind: 'granted';
      readonly lapsesAt: number;
      /** To be told once, where it is there: the request was written now (also one that failed on the way), or none will be. */
      readonly used?: (how: 'written' | 'unused') => void;
    }
  | {
      readonly kind: 'paused';
      readonly until: number;
      readonly reason: string;
      /** The endpoint that is left alone while others are called; absent: the whole account. */
      readonly endpoint?: string;
    };

/** A budget is one provider account, shared by all processes. */
export type Governor = {
  /**
   * Waits for a slot of the account's budget; rejects when the signal aborts. Replays get what live leaves, or their share.
   * A pause is answered at once, also to those who wait already: the stage pauses, no handler sleeps through 24 hours.
   */
  slot(account: string, lane: 'live' | 'replay', signal: AbortSignal, endpoint?: string): Promise<Slot>;
  /** The provider asked for silence: nobody calls before `until`. A later moment wins over an earlier one. */
  pause(account: string, until: number, reason: string): Promise<void>;
  /** The same for one endpoint: the account's others go on. */
  pauseEndpoint(account: string, endpoint: string, until: number, reason: string): Promise<void>;
  /** The provider refused for too many calls in too short a time: where the limit is not published, this teaches it. */
  tooFast?(account: string): Promise<void>;
  /** The provider says how many calls a second the account has; fewer than configured are kept to by all processes. */
  told?(account: string, perSecond: number): void;
  /** The pause that is on, or `null`. */
  paused(account: string): Promise<{ readonly until: number; readonly reason: string } | null>;
};
