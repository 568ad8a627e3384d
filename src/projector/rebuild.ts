import type { Assignment, Decode, LogReader, OpenWriter } from '#stream/ports.ts';
import type { Position, StoredRecord } from '#stream/record.ts';
import { servePartition } from './partition.ts';
import type { Projection } from './ports.ts';

export type RebuildPorts = {
  readonly reader: LogReader;
  readonly decode: Decode;
  /** The read model that is filled beside the live one. */
  readonly projection: Projection;
  /** So many records more are applied. */
  readonly applied: (records: number) => void;
  /** Aborts when whoever ordered the rebuild wants it to stop. */
  readonly signal: AbortSignal;
};

/** Partitions at a time: one process has one processor to decode on, and the database takes three transactions at a time. */
const WIDTH = 3;

/** What the live projector could not read it has set aside itself, once; a rebuild passes over it in silence. */
const setAsideAlready: OpenWriter = async () => ({
  committed: async () => Number.MAX_SAFE_INTEGER,
  commit: async () => {
    throw new Error('A rebuild writes nothing to the log.');
  },
  close: async () => undefined,
});

/**
 * Applies every partition from the model's own checkpoints up to these offsets, and no further: what comes after is not in the live
 * read model either.
 * @param ends where the live read model stands
 * @throws when the signal aborts, or broker, registry or database are lost; the model can be filled on from where it stands
 */
export async function fillTo(ends: readonly Position[], ports: RebuildPorts): Promise<void> {
  const left = [...ends];
  const fillNext = async (): Promise<void> => {
    for (let end = left.shift(); end !== undefined; end = left.shift()) await fillPartition(end, ports);
  };
  await Promise.all(Array.from({ length: WIDTH }, fillNext));
}

async function fillPartition(end: Position, ports: RebuildPorts): Promise<void> {
  const { decode, projection, applied } = ports;
  const range = upTo(end, ports);
  try {
    await servePartition(range.assignment, {
      decode,
      projection,
      openWriter: setAsideAlready,
      // A model that is being filled has no place to lose: it ends where the live one stands, whose own place was looked at.
      range: async () => ({ begin: 0, end: end.offset }),
      notice: (notice) => {
        if (notice.kind === 'applied') applied(notice.records);
        if (notice.kind === 'fenced') throw new Error('Somebody else fills the same read model.');
      },
    });
  } finally {
    await range.close();
  }
}

type Range = { readonly assignment: Assignment; close(): Promise<void> };

/** A partition's records below an offset, as an assignment that ends by itself. */
function upTo({ topic, partition, offset: end }: Position, { reader, signal }: RebuildPorts): Range {
  const control = new AbortController();
  let records: AsyncGenerator<StoredRecord> | null = null;
  const over = (): never => {
    control.abort(new Error('The partition is filled.'));
    throw control.signal.reason;
  };
  const take = async (max: number): Promise<readonly StoredRecord[]> => {
    signal.throwIfAborted();
    const batch = records === null ? [] : await some(records, max);
    return batch.length === 0 ? over() : batch;
  };
  const from: Assignment['from'] = (begin) => {
    const offset = begin ?? 0;
    records = offset < end ? below(end, reader.read([{ topic, partition, offset }])) : null;
    return { take, waiting: () => 0, pause: () => undefined, resume: () => undefined };
  };
  return {
    assignment: { topic, partition, signal: control.signal, from },
    // A reader that is left alone would keep its connection.
    close: async () => void (await records?.return(undefined)),
  };
}

/** Ends at once after the last wanted record: behind it may stand a transaction that nobody has decided yet. */
async function* below(end: number, records: AsyncIterable<StoredRecord>): AsyncGenerator<StoredRecord> {
  for await (const record of records) {
    if (record.offset < end) yield record;
    if (record.offset + 1 >= end) return;
  }
}

async function some(records: AsyncGenerator<StoredRecord>, max: number): Promise<readonly StoredRecord[]> {
  const batch: StoredRecord[] = [];
  while (batch.length < max) {
    const next = await records.next();
    if (next.done === true) break;
    batch.push(next.value);
  }
  return batch;
}
