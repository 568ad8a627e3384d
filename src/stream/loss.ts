import type { LogRange } from './ports.ts';
import type { TopicPartition } from './record.ts';

const LOST = 'LogLost';

/** Where somebody stands on a partition, and what is there. */
export type Standing = {
  /** The group, or the read model, that goes on there. */
  readonly who: string;
  readonly at: TopicPartition;
  /** The next offset it wants; `null` when nothing is known of it. */
  readonly next: number | null;
  /** Whether it has gone on here before, whatever the broker remembers. */
  readonly before: boolean;
  readonly log: LogRange;
  /** What to run once the loss is accepted. */
  readonly mend: string;
};

/** What is wrong with the place in one clause; `null` when it can be gone on from. */
export function lossOf({ next, before, log }: Pick<Standing, 'next' | 'before' | 'log'>): string | null {
  if (next === null)
    return before ? 'has been here before, and its offset is gone (it expired, or the topic was made anew)' : null;
  if (next < log.begin) return `stands at ${next}, and the records up to ${log.begin} were deleted before it read them`;
  if (next > log.end) return `stands at ${next}, beyond the end: the topic was made anew`;
  return null;
}

/**
 * Refuses to go on from a place that its log does not have: every way on would skip records or repeat them, and none of them loudly.
 * @returns the offset to go on from: `next`, or with `accept` the first record that stands
 * @throws an error that `isLogLost` knows, with who, where, the log's range and the mend
 */
export function placeOf(standing: Standing, accept: boolean): { readonly next: number | null; readonly lost: boolean } {
  const loss = lossOf(standing);
  if (loss === null) return { next: standing.next, lost: false };
  if (accept) return { next: standing.log.begin, lost: true };
  const { who, at, log, mend } = standing;
  const error = new Error(
    `${who} ${loss}. ${at.topic}/${at.partition} has ${log.begin} to ${log.end}. Nothing is skipped or repeated unasked; to go on from its first record: ${mend}`,
  );
  error.name = LOST;
  throw error;
}

/** True for the error of {@link placeOf}, also when something wrapped it as its cause: to start again is no use. */
export function isLogLost(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  return error.name === LOST || isLogLost(error.cause);
}
