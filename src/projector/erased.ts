import { merge } from '#track/merge.ts';
import type { TrackState } from '#track/state.ts';
import { answersOfRecording, answersOfTrack } from './own-answers.ts';
import type { Erasure, ProjectionTransaction } from './ports.ts';
import { type StoredTrack, unknownTrack } from './stored-track.ts';

/** What is known of the tracks of a batch. */
type Known = {
  readonly stored: ReadonlyMap<string, StoredTrack>;
  readonly shares: ReadonlyMap<string, StoredTrack>;
  /** Tracks that the batch itself withdraws. */
  readonly withdrawing: readonly string[];
};

/**
 * Erases what is stored of withdrawn tracks. Of one whose events come late nothing is stored any more but answers that a worker has
 * got meanwhile; it names their keys itself.
 * @returns those of which more than answers was erased, or may have been
 */
export async function erased(
  transaction: ProjectionTransaction,
  withdrawn: ReadonlySet<string>,
  known: Known,
): Promise<readonly string[]> {
  if (withdrawn.size === 0) return [];
  const erasures = [...withdrawn].map((trackId) => erasureOf(trackId, known));
  await transaction.erase(erasures);
  return erasures.filter(({ whole }) => whole).map(({ trackId }) => trackId);
}

function erasureOf(trackId: string, { stored, shares, withdrawing }: Known): Erasure {
  const states = [stored.get(trackId)?.track, shares.get(trackId)?.track].filter((state) => state !== undefined);
  const state = states.reduce<TrackState>(merge, unknownTrack(trackId));
  return {
    trackId,
    whole: stored.has(trackId) || withdrawing.includes(trackId),
    answers: answersOfTrack(trackId),
    recording: answersOfRecording(state),
  };
}
