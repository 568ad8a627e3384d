import { readBatch, unread, workBatch } from './batch.ts';
import { beginAlone, beginBatch, type Start } from './crash.ts';
import { priorLetterOf } from './dead-letter.ts';
import type { Loss } from './halt.ts';
import type { Written } from './outputs.ts';
import type { CommitResult, TransactionalWriter } from './ports.ts';
import type { Position, StoredRecord } from './record.ts';
import { tellCommitted } from './tell.ts';
import type { Place, Work } from './work.ts';

/** The writer of the partition whose records are worked, and where. */
export type Desk = Place & { readonly writer: TransactionalWriter };

/**
 * Takes the records of one partition a step on: in one commit, or record by record when the process died here before.
 * @returns how many of the records, from the first, are done; the others come next
 */
export async function stepOn<In, Out>(
  work: Work<In, Out>,
  records: readonly StoredRecord[],
  desk: Desk,
): Promise<number | 'lost'> {
  const { stage, ports } = work;
  const [first] = records;
  if (first === undefined) return 0;
  const start = await beginBatch(ports.starts, stage.group, first);
  if (start.how === 'together') return commitOnce(work, records, start, desk);
  const labels = { stage: stage.name, lane: desk.lane };
  ports.observe('linernotes_stage_suspicions_total', labels, 1);
  ports.log('warn', 'batch.suspected', {
    ...labels,
    topic: first.topic,
    partition: first.partition,
    offset: first.offset,
  });
  for (const record of records) {
    const own = record === first ? start : await beginAlone(ports.starts, stage.group, record);
    if ((await commitOnce(work, [record], own, desk)) === 'lost') return 'lost';
  }
  return records.length;
}

/**
 * Works records, as many as one batch may hold, and commits all that comes of it in one transaction: outputs, dead letters, the
 * next offset. Whatever ends the work before the commit takes its start back, so that only a death counts as one.
 */
async function commitOnce<In, Out>(
  work: Work<In, Out>,
  records: readonly StoredRecord[],
  start: Start,
  desk: Desk,
): Promise<number | 'lost'> {
  const { stage, ports } = work;
  const began = ports.stopwatch();
  let all: readonly Written[] = [];
  let result: CommitResult = 'lost';
  try {
    all = await workSome(work, records, start, desk);
    desk.signal.throwIfAborted();
    const outgoing = all.flatMap((record) => record.outgoing);
    result = await desk.writer.commit(outgoing, { group: stage.group, next: nextOf(all) });
    if (result === 'committed') tellCommitted(work, all, desk, (ports.stopwatch() - began) / 1000);
  } finally {
    if (result === 'lost') await giveBack(work, all.length, start, desk);
  }
  if (result === 'lost') return result;
  await ports.starts.settled(stage.group, nextOf(all));
  await work.halt.committed(all.map((record) => lossOf(record, stage.group)));
  return all.length;
}

/**
 * Reads and works. The clock is read first, so that a batch which has nobody to ask goes from bytes to bytes without a pause, and
 * its events are forgotten before the commit: otherwise every partition's would lie in memory at once.
 */
async function workSome<In, Out>(
  work: Work<In, Out>,
  records: readonly StoredRecord[],
  { how }: Start,
  desk: Desk,
): Promise<readonly Written[]> {
  const { ports, tally } = work;
  const now = await ports.clock();
  const readings = how === 'killer' ? unread(records) : await readBatch(work, records, now, desk);
  tally.read(desk.lane, readings.length);
  try {
    return await workBatch(work, readings, now, desk);
  } catch (error) {
    tally.returned(desk.lane, readings.length);
    throw error;
  }
}

/** A letter that is redriven and fails again lost nothing: its event went on when it failed first. */
const lossOf = ({ record, ending, failure }: Written, group: string): Loss => ({
  heldBack: ending === 'dead-lettered' && priorLetterOf(record.headers, group)?.forwarded !== true,
  failure,
});

const nextOf = (all: readonly Written[]): Position => {
  const { topic, partition, offset } = all.at(-1)?.record ?? { topic: '', partition: 0, offset: -1 };
  return { topic, partition, offset: offset + 1 };
};

/** Best effort: what ended the work may be the very database that counts starts, and that error is the one to tell. */
async function giveBack<In, Out>(
  { stage, ports, tally }: Work<In, Out>,
  records: number,
  start: Start,
  { lane }: Place,
): Promise<void> {
  tally.returned(lane, records);
  await start.takeBack().catch((error: unknown) => {
    ports.log('warn', 'batch.start-kept', { stage: stage.name, lane, message: String(error) });
  });
}
