import type { RedriveLock, Stretch } from '#adapters/postgres/redrives.ts';
import type { Connections } from '#app/connect.ts';
import { operationAt, operationRecord } from '#app/operations/append.ts';
import { operationsApplied } from '#app/operations/applied.ts';
import type { TransactionalWriter } from '#stream/ports.ts';
import type { OutgoingRecord } from '#stream/record.ts';
import { redrivesOf } from '#stream/redriven.ts';
import { openIn, type Standing } from './letters.ts';
import type { LeftLetter, RedriveOrder } from './order.ts';
import { portionOf } from './pace.ts';
import { type Prepared, type Preparing, prepared } from './prepare.ts';

/** What one redrive of one dead-letter topic works with. */
export type Redriving = {
  readonly connections: Pick<Connections, 'pool' | 'broker' | 'codec' | 'clock' | 'log'>;
  readonly order: RedriveOrder;
  readonly preparing: Preparing;
  readonly lock: RedriveLock;
  /** Waits until so many letters may go. */
  readonly take: (count: number, signal: AbortSignal) => Promise<void>;
  /** Counts anew what was sent: whether a lost transaction took effect is known only now. */
  readonly recount: () => Promise<void>;
  /** How many letters may still go. */
  readonly room: () => number;
  /** Told of every letter that was sent or left, once. */
  readonly sent: (count: number) => void;
  readonly left: (letter: LeftLetter) => void;
  readonly signal: AbortSignal;
};

/** How one partition ended: all of it, or no further for now, and why. */
export type PartitionEnd = { readonly kind: 'done' } | { readonly kind: 'refused'; readonly message: string };

/** Lost transactions in a row after which the broker counts as lost. */
const MOST_LOST = 10;

/**
 * Sends the open letters of a stretch to their group. Letters, what is noted of them and the position go in one transaction; whoever
 * worked here before is fenced first, and only then is it looked up what they have sent.
 * @throws when broker, registry or database are lost, and when the signal aborts
 */
export async function redrivePartition(redriving: Redriving, stretch: Stretch): Promise<PartitionEnd> {
  for (let lost = 0; lost < MOST_LOST; ) {
    if (!(await redriving.lock.held()))
      return { kind: 'refused', message: 'The database connection was lost; start it again.' };
    const writer = await redriving.connections.broker.openWriter(`redrive.${stretch.topic}.${stretch.partition}`);
    try {
      const { end, portions } = await withWriter(redriving, stretch, writer);
      if (end !== 'lost') return end;
      lost = portions === 0 ? lost + 1 : 1;
    } finally {
      await writer.close();
    }
  }
  throw new Error(
    `${MOST_LOST} transactions in a row were lost while ${stretch.topic}/${stretch.partition} was redriven.`,
  );
}

/** How it went with one writer, and how many transactions it committed. */
type WriterEnd = { readonly end: PartitionEnd | 'lost'; readonly portions: number };

async function withWriter(
  redriving: Redriving,
  { topic, partition, from, to }: Stretch,
  writer: TransactionalWriter,
): Promise<WriterEnd> {
  const { connections, order, preparing, signal } = redriving;
  const applied = await operationsApplied(connections, { signal });
  if (!applied.applied) return { end: { kind: 'refused', message: applied.message }, portions: 0 };
  const committed = await writer.committed(groupOf(preparing.redrive), { topic, partition });
  await redriving.recount();
  const stretch = { topic, partition, from: Math.max(from, committed ?? 0), to };
  let portions = 0;
  for await (const portion of openIn(connections, order.selection, stretch, portionOf(order.rate))) {
    if (redriving.room() === 0) break;
    const made = await Promise.all(portion.map(({ letter, record }) => prepared(letter, record, preparing)));
    if ((await send(redriving, writer, portion, made)) === 'lost') return { end: 'lost', portions };
    portions += 1;
  }
  return { end: { kind: 'done' }, portions };
}

/** The group whose offsets on the dead-letter topics are the position of a redrive. */
const groupOf = (redrive: string): string => `redrive.${redrive}`;

async function send(
  redriving: Redriving,
  writer: TransactionalWriter,
  portion: readonly Standing[],
  made: readonly Prepared[],
): Promise<'committed' | 'lost'> {
  const { connections, preparing, take, room, signal } = redriving;
  const ready = made.filter((one) => one.kind === 'ready').slice(0, room());
  const left = made.flatMap((one) => (one.kind === 'left' ? [one.left] : []));
  const last = ready.length < made.length - left.length ? ready.at(-1)?.letter : portion.at(-1)?.letter;
  if (last === undefined) return 'committed';
  if (ready.length > 0) await take(ready.length, signal);
  const at = await connections.clock();
  const notes = await Promise.all(ready.map((one) => noteOf(redriving, one, at)));
  const { topic, partition, offset } = last;
  const progress = { group: groupOf(preparing.redrive), next: { topic, partition, offset: offset + 1 } };
  const result = await writer.commit([...ready.map(({ record }) => record), ...notes], progress);
  if (result === 'lost') return result;
  redriving.sent(ready.length);
  for (const letter of left) redriving.left(letter);
  return result;
}

/** What is noted of a letter: one note for each copy of it, whoever sends it. */
async function noteOf(
  { connections, order, preparing }: Redriving,
  { letter, record }: Extract<Prepared, { kind: 'ready' }>,
  at: number,
): Promise<OutgoingRecord> {
  const { letterId, topic, partition, offset } = letter;
  const details = {
    topic,
    partition: String(partition),
    offset: String(offset),
    redrive: preparing.redrive,
    redrives: String(redrivesOf(record.headers)),
  };
  const { by, reason } = order;
  const id = `redriven:${topic}:${partition}:${offset}`;
  const operation = operationAt({ id, kind: 'letter_redriven', by, target: letterId, reason, details }, at);
  return operationRecord(operation, connections.codec.encode);
}
