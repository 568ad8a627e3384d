import type { StartCounter } from './ports.ts';
import type { Position } from './record.ts';

/** From this start on a batch runs record by record. A record that is begun alone is brought to this count first. */
const ALONE = 3;
/** A record that was begun alone twice and settled neither time killed the process: it is not begun a third time. */
const KILLER = 5;

/**
 * How work that begins at a position is to be done. `together`: as a batch. `alone`: record by record. `killer`: not at all, the
 * first record goes to the dead letters unread.
 */
export type Start = {
  readonly how: 'together' | 'alone' | 'killer';
  /** The work ended in peace without a commit (partition lost, drained, broker gone): this start does not count. */
  readonly takeBack: () => Promise<void>;
};

const howOf = (count: number): Start['how'] => {
  if (count >= KILLER) return 'killer';
  return count >= ALONE ? 'alone' : 'together';
};

/**
 * Begins work at a position.
 *
 * Counts lie by (partition, offset of the first record). What is not committed begins again at the same first record, in whatever
 * batch, so the count of a record that kills the process grows until it runs alone; and since records that run alone commit
 * alone, the one that kills is from then on the first. A kill from outside can bring a count to 3, which costs single commits;
 * only two further kills within that very record's own work would take it for the culprit.
 */
export async function beginBatch(starts: StartCounter, group: string, first: Position): Promise<Start> {
  const count = await starts.begun(group, first);
  return startOf(starts, group, first, count, count - 1);
}

/** Begins one record of a batch that runs record by record: its next start, should there be one, finds it alone too. */
export async function beginAlone(starts: StartCounter, group: string, position: Position): Promise<Start> {
  let count = await starts.begun(group, position);
  const before = count - 1;
  while (count < ALONE) count = await starts.begun(group, position);
  return startOf(starts, group, position, count, before);
}

function startOf(starts: StartCounter, group: string, first: Position, count: number, before: number): Start {
  const takeBack = async (): Promise<void> => {
    await starts.settled(group, { ...first, offset: first.offset + 1 });
    for (let again = 0; again < before; again += 1) await starts.begun(group, first);
  };
  return { how: howOf(count), takeBack };
}
