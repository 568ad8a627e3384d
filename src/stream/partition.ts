import { placeOf } from './loss.ts';
import type { Assignment, Feed, Served, TransactionalWriter } from './ports.ts';
import type { StoredRecord, TopicPartition } from './record.ts';
import { stepOn } from './step.ts';
import { orAbort } from './wait.ts';
import type { Place, Work } from './work.ts';

/** After a lost commit the partition is served anew, but not at once: what lost it may last a moment. */
const AGAIN_AFTER_MS = 200;

/**
 * Serves one owned partition until it is lost, the process drains, or a commit is lost.
 * The order is the guarantee: opening the writer fences whoever had the partition before, and only then is the offset read from
 * which to go on; nothing that the other still commits can come between.
 * @param stopping aborts when no more batches are to be taken; the one in hand goes on
 */
export async function servePartition<In, Out>(
  work: Work<In, Out>,
  assignment: Assignment,
  stopping: AbortSignal,
): Promise<Served> {
  const { stage, ports } = work;
  const { topic, partition, signal } = assignment;
  if (stopping.aborted) return 'done';
  // Another process of this stage may have halted it meanwhile; its partitions come to us then.
  await work.halt.ensureNone();
  const place: Place = { lane: topic === stage.from ? 'live' : 'replay', signal };
  const writer = await ports.openWriter(`${stage.group}.${topic}.${partition}`);
  const taking = AbortSignal.any([signal, stopping]);
  try {
    const offset = await startOf(work, { topic, partition }, writer);
    ports.log('info', 'partition.taken', { stage: stage.name, topic, partition, offset });
    const noteSeen = once(() => ports.seen.note(stage.group, { topic, partition }));
    if (offset !== null) await noteSeen();
    await workFeed(work, assignment.from(offset), { ...place, writer, taking, noteSeen });
    ports.observe('linernotes_stage_commits_lost_total', { stage: stage.name, lane: place.lane }, 1);
    ports.log('warn', 'commit.lost', { stage: stage.name, topic, partition });
    await ports.sleep(Math.round(ports.random() * AGAIN_AFTER_MS), taking);
    return 'again';
  } catch (error) {
    if (!signal.aborted && !(stopping.aborted && error === taking.reason)) throw error;
    ports.log('info', 'partition.left', { stage: stage.name, topic, partition });
    return 'done';
  } finally {
    await writer.close();
  }
}

/**
 * Where to go on, once that is known to stand in the log. An accepted loss is committed at once: a partition on which nothing more
 * arrives would refuse again at the next start. When that commit is lost, the first batch's is too, and it is all done anew.
 * @throws `isLogLost` when the log has lost the place and nobody has accepted that
 */
async function startOf<In, Out>(
  { stage, ports }: Work<In, Out>,
  at: TopicPartition,
  writer: TransactionalWriter,
): Promise<number | null> {
  const { group, name } = stage;
  const next = await writer.committed(group, at);
  const before = next === null && (await ports.seen.has(group, at));
  const log = await ports.range(at);
  const mend = `linernotes run ${name} --accept-loss`;
  const place = placeOf({ who: group, at, next, before, log, mend }, ports.acceptLoss === true);
  if (!place.lost) return place.next;
  ports.log('error', 'loss.accepted', { stage: name, ...at, from: next, to: place.next });
  await writer.commit([], { group, next: { ...at, offset: log.begin } });
  return place.next;
}

const once = (work: () => Promise<void>): (() => Promise<void>) => {
  let done: Promise<void> | null = null;
  return () => {
    done ??= work();
    return done;
  };
};

type Counter = Place & {
  readonly writer: TransactionalWriter;
  readonly taking: AbortSignal;
  /** Notes that the group has committed here. */
  readonly noteSeen: () => Promise<void>;
};

/** Takes batch after batch. Returns when a commit was lost, rejects when nothing more is to be taken. */
async function workFeed<In, Out>(work: Work<In, Out>, feed: Feed, desk: Counter): Promise<void> {
  const { stage, gate } = work;
  let rest: readonly StoredRecord[] = [];
  const waiting = (): number => rest.length + feed.waiting();
  const unwatch = desk.lane === 'live' ? gate.watch(waiting) : () => undefined;
  const take = (): Promise<readonly StoredRecord[]> =>
    orAbort(feed.take(stage.batch.max, stage.batch.lingerMs), desk.taking);
  try {
    for (;;) {
      desk.taking.throwIfAborted();
      const records = rest.length > 0 ? rest : await take();
      const leave = await gate.enter(desk.lane, desk.taking);
      try {
        const done = await stepOn(work, records, desk);
        if (done === 'lost') return;
        await desk.noteSeen();
        rest = records.slice(done);
      } finally {
        leave();
      }
    }
  } finally {
    unwatch();
  }
}
