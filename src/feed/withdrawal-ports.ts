/** A track that was withdrawn. `at` is ISO. */
export type WithdrawnTrack = {
  readonly trackId: string;
  readonly by: string;
  readonly at: string;
  readonly reason: string | null;
  /** Whether the projector has erased what was stored of it; before, it has not come to the withdrawal yet. */
  readonly erased: boolean;
};

/** What a withdrawal erases. */
export type WithdrawalPlan = {
  readonly trackId: string;
  /** As the read model has them; `null` and none where it does not know the track. */
  readonly name: string | null;
  readonly artists: readonly string[];
  /** Places in playlists. */
  readonly sightings: number;
  /** Entries of the feed that carry its values. */
  readonly feedEntries: number;
  /** Dead letters whose message is erased, and which nobody sends any more. */
  readonly letters: number;
  /** Answers in the ledger that are erased, by provider. */
  readonly answers: Readonly<Record<string, number>>;
  /** Answers about the recording that stay, because these other tracks are the same one. */
  readonly shared: { readonly answers: number; readonly tracks: number };
  /** How it was withdrawn already. */
  readonly withdrawn: WithdrawnTrack | null;
};

/** Withdraws tracks, and knows which are. Lost infrastructure throws. */
export type WithdrawalPort = {
  /** @returns `null`: it is not withdrawn */
  of(trackId: string): Promise<WithdrawnTrack | null>;
  /** What would be erased; nothing is done. */
  plan(trackId: string): Promise<WithdrawalPlan>;
  /** Withdraws a track for good. One that is withdrawn already stays as it is. */
  withdraw(trackId: string, how: { readonly by: string; readonly reason: string }): Promise<WithdrawnTrack>;
};
