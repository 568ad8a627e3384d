import { partitionOf } from '#adapters/memory/murmur2.ts';
import type { TimelineCost } from '#feed/timeline-ports.ts';
import type { LogReader } from '#stream/ports.ts';
import type { Position, StoredRecord } from '#stream/record.ts';
import { recordAt } from './record-at.ts';
import { inputOf, TRACK_TOPICS } from './topics.ts';

/** The log as far as a timeline reads it. */
export type ReadableLog = {
  readonly reader: LogReader;
  /** The first offset of each partition whose record is not older than the moment; the end where all are older. */
  readonly since: (topic: string, time: number) => Promise<readonly Position[]>;
};

/** Clocks of machines that write to one track may differ by so much. */
const SKEW_MS = 60_000;

/** Records that stand elsewhere (strangers' partitioners) are read one by one; a track has few. */
const MOST_ELSEWHERE = 50;

export type TrackLog = {
  /** As the topics of the chain come, each partition in order. */
  readonly records: readonly StoredRecord[];
  readonly read: Omit<TimelineCost, 'milliseconds'>;
};

/**
 * Reads every record of one track: its partition of each topic, and single records elsewhere that these or the read model name.
 * Costs a pass over all that was written to these partitions since the track was first seen, other tracks included.
 * @param firstSeenAt where to begin, milliseconds; `null` reads from the beginning
 * @param named where the read model knows letters of the track
 * @param most records to look at before it stops
 */
export async function readTrackLog(
  trackId: string,
  firstSeenAt: number | null,
  named: readonly Position[],
  { reader, since, most }: ReadableLog & { readonly most: number },
): Promise<TrackLog> {
  const key = Buffer.from(trackId);
  const begin = firstSeenAt === null ? 0 : Math.max(0, firstSeenAt - SKEW_MS);
  const from = await startsOf(key, begin, since);
  const { found, looked } = await scan(key, from, reader, most);
  const elsewhere = missing(found, named).slice(0, MOST_ELSEWHERE);
  for (const position of elsewhere) {
    const record = await recordAt(reader, position);
    if (record !== null) found.push(record);
  }
  const read = { partitions: from.length, records: looked + elsewhere.length, whole: looked < most };
  return { records: found, read: { ...read, since: begin === 0 ? null : new Date(begin).toISOString() } };
}

async function startsOf(key: Buffer, begin: number, since: ReadableLog['since']): Promise<readonly Position[]> {
  const starts = await Promise.all(TRACK_TOPICS.map((topic) => since(topic, begin)));
  return starts.flatMap((partitions) => {
    const own = partitionOf(key, partitions.length);
    return partitions.filter(({ partition }) => partition === own);
  });
}

async function scan(key: Buffer, from: readonly Position[], reader: LogReader, most: number) {
  const found: StoredRecord[] = [];
  let looked = 0;
  for await (const record of reader.read(from)) {
    looked += 1;
    if (record.key?.equals(key)) found.push(record);
    if (looked >= most) break;
  }
  return { found, looked };
}

const nameOf = ({ topic, partition, offset }: Position): string => `${topic}/${partition}/${offset}`;

/** Positions that the records or the read model speak of and that were not among what was read. */
function missing(found: readonly StoredRecord[], named: readonly Position[]): readonly Position[] {
  const have = new Set(found.map(nameOf));
  const told = found.flatMap(({ headers }) => [headers['ce_id'], headers['dl-id']].map((id) => inputOf(id ?? '')?.at));
  const wanted = [...named, ...told.filter((at) => at !== undefined)].filter((at) => !have.has(nameOf(at)));
  return [...new Map(wanted.map((at) => [nameOf(at), at])).values()];
}
