import type { WorkFacts } from '#providers/mlc/facts.ts';
import type { Shares } from './publishers.ts';
import type { KnownWriter } from './writers.ts';

export type StatusQuestion = {
  /** `null`: The MLC answered every way of asking, and has no work for the recording. An error is no `null`: then nothing is decided. */
  readonly work: WorkFacts | null;
  /** The track's writers from other sources; empty while none is known. */
  readonly writers: readonly KnownWriter[];
  /** Why the work may be another song, in sentences; one is enough to need a review. */
  readonly doubts: readonly string[];
  /** A dispute flag, from sources that have one. */
  readonly disputed: boolean;
};

/** A work with what the rows of the table ask of it. */
export type Case = {
  readonly work: WorkFacts;
  readonly originals: WorkFacts['publishers'];
  readonly shares: Shares;
  readonly question: StatusQuestion;
};
