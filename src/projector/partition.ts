import { failure } from '#stream/failure.ts';
import { placeOf } from '#stream/loss.ts';
import type { Assignment, Decode, OpenWriter, RangeOf, Served } from '#stream/ports.ts';
import type { StoredRecord } from '#stream/record.ts';
import { apply } from './apply.ts';
import { changesOf } from './changes.ts';
import type { Checkpoint, Projection, ProjectorNotice } from './ports.ts';
import { type Reading, readingOf } from './reading.ts';
import { type Aside, type SetAside, setAsideOf } from './set-aside.ts';

/** A batch: up to this many records, or what came within the linger. */
const BATCH = { max: 500, lingerMs: 50 };

export type PartitionPorts = {
  readonly decode: Decode;
  readonly projection: Projection;
  readonly openWriter: OpenWriter;
  readonly range: RangeOf;
  /** Goes on from the first record that stands where the log has lost a checkpoint; refuses unless told. */
  readonly acceptLoss?: boolean;
  readonly notice: (notice: ProjectorNotice) => void;
};

/**
 * Applies one owned partition to the read model from the read model's own checkpoint, whatever Kafka has committed.
 * @returns `done` when the partition is not ours any more, `again` when another owner has taken the checkpoint
 * @throws when Postgres, the registry or the broker is lost; nothing is half-applied then
 */
export async function servePartition(assignment: Assignment, ports: PartitionPorts): Promise<Served> {
  const { topic, partition, signal } = assignment;
  const setAside = setAsideOf({ topic, partition }, ports.openWriter);
  try {
    let checkpoint = await standingOf(await ports.projection.take({ topic, partition }), ports);
    const feed = assignment.from(checkpoint?.next ?? null);
    while (checkpoint !== null) {
      const records = await feed.take(BATCH.max, BATCH.lingerMs);
      const items = await Promise.all(records.map((record) => itemOf(record, ports)));
      checkpoint = await applied(items, checkpoint, setAside, ports);
    }
    ports.notice({ kind: 'fenced', partition: { topic, partition } });
    return 'again';
  } catch (error) {
    if (signal.aborted) return 'done';
    throw error;
  } finally {
    await setAside.close();
  }
}

/**
 * The checkpoint, once its place is known to stand in the log; `null` when another owner has it.
 * @throws `isLogLost` when the log has lost the place and nobody has accepted that: a database that outlived its Kafka would wait for
 * offsets of a log that is no more, and never say so
 */
async function standingOf(
  checkpoint: Checkpoint,
  { range, projection, acceptLoss = false }: PartitionPorts,
): Promise<Checkpoint | null> {
  const { topic, partition, next } = checkpoint;
  const at = { topic, partition };
  const mend = 'linernotes run projector --accept-loss';
  const log = await range(at);
  const place = placeOf({ who: 'The read model', at, next, before: false, log, mend }, acceptLoss);
  if (!place.lost) return checkpoint;
  const moved = await projection.transaction((transaction) => transaction.advance(checkpoint, log.begin));
  return moved.kind === 'committed' ? { ...checkpoint, next: log.begin } : null;
}

type Item = { readonly record: StoredRecord; readonly reading: Reading };

const itemOf = async (record: StoredRecord, { decode }: PartitionPorts): Promise<Item> => ({
  record,
  reading: await readingOf(record, decode),
});

const unreadable = ({ record, reading }: Item): readonly Aside[] =>
  reading.kind === 'unreadable' ? [{ record, failure: reading.failure }] : [];

/** Applies the items in one transaction, or in several when the database refuses one of them; `null` when fenced. */
async function applied(
  items: readonly Item[],
  checkpoint: Checkpoint,
  setAside: SetAside,
  ports: PartitionPorts,
): Promise<Checkpoint | null> {
  const last = items.at(-1);
  if (last === undefined) return checkpoint;
  const next = last.record.offset + 1;
  const changes = changesOf(items.map(({ reading }) => reading));
  const asides = items.flatMap(unreadable);
  const result = await ports.projection.transaction(async (transaction) => {
    if (!(await apply(transaction, checkpoint, next, changes))) return false;
    await setAside.write(asides, next);
    return true;
  });
  if (result.kind === 'rolled back') return null;
  if (result.kind === 'unstorable') return apart(items, checkpoint, result.message, setAside, ports);
  tell(items, asides, next, ports);
  return { ...checkpoint, next };
}

/** Halves a refused batch until the refused record stands alone; that one is set aside, all others are applied. */
async function apart(
  items: readonly Item[],
  checkpoint: Checkpoint,
  message: string,
  setAside: SetAside,
  ports: PartitionPorts,
): Promise<Checkpoint | null> {
  const [only] = items;
  if (items.length === 1 && only !== undefined) {
    const refused: Item = { ...only, reading: { kind: 'unreadable', failure: failure('BUG', message) } };
    return applied([refused], checkpoint, setAside, ports);
  }
  const middle = Math.ceil(items.length / 2);
  const between = await applied(items.slice(0, middle), checkpoint, setAside, ports);
  return between === null ? null : applied(items.slice(middle), between, setAside, ports);
}

function tell(items: readonly Item[], asides: readonly Aside[], next: number, { notice }: PartitionPorts): void {
  for (const { record, failure } of asides) {
    const { topic, partition, offset } = record;
    notice({ kind: 'set-aside', at: { topic, partition, offset }, code: failure.code, message: failure.message });
  }
  const [first] = items;
  if (first === undefined) return;
  const { topic, partition } = first.record;
  const newestAt = items.reduce((newest, { record }) => Math.max(newest, record.timestamp), 0);
  notice({ kind: 'applied', next: { topic, partition, offset: next }, records: items.length, newestAt });
}
