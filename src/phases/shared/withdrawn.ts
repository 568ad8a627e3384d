/** Withdrawn tracks as the phases see them: they go through every later phase with `off` / `WITHDRAWN`, and nobody is asked. */
export type Withdrawn = {
  has(trackId: string): boolean;
  /**
   * Tells of each track that is withdrawn from now on.
   * @returns how to hear no more
   */
  heed(told: (trackId: string) => void): () => void;
};

/** Withdrawn tracks by what is known of withdrawals; `add` is told of each as soon as it is. */
export type KnownWithdrawn = Withdrawn & { add(trackId: string): void };

/** No track is withdrawn until it is told. */
export function knownWithdrawn(): KnownWithdrawn {
  const withdrawn = new Set<string>();
  const heeding = new Set<(trackId: string) => void>();
  return {
    has: (trackId) => withdrawn.has(trackId),
    heed(told) {
      heeding.add(told);
      return () => heeding.delete(told);
    },
    add(trackId) {
      if (withdrawn.has(trackId)) return;
      withdrawn.add(trackId);
      for (const told of heeding) told(trackId);
    },
  };
}
