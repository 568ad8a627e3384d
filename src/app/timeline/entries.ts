import type { LetterItem } from '#feed/letter-ports.ts';
import type { TimelineEntry } from '#feed/timeline-ports.ts';
import type { Letter } from '#projector/letter.ts';
import { type TrackReading, trackReadingOf } from '#projector/reading.ts';
import { SOURCES } from '#projector/sources.ts';
import type { Decode } from '#stream/ports.ts';
import type { StoredRecord } from '#stream/record.ts';
import type { Playlist } from '#track/raw.ts';
import { laneOf, writerOf } from './topics.ts';

/**
 * What the records of one track say, in the order of time; of one moment, in the order of the chain.
 * @param letters what the read model knows of the track's letters
 */
export async function entriesOf(
  records: readonly StoredRecord[],
  trackId: string,
  letters: readonly LetterItem[],
  decode: Decode,
): Promise<readonly TimelineEntry[]> {
  const states = new Map(letters.map(({ letterId, state }) => [letterId, state]));
  const read = await Promise.all(
    records.map(async (record) => ({ record, reading: await trackReadingOf(record, decode) })),
  );
  return read
    .filter(({ reading }) => isAbout(reading, trackId))
    .map(({ record, reading }) => entryOf(record, reading, states))
    .sort(inOrder);
}

/** A record found by another's id may be about another track: a key can be wrong. */
function isAbout(reading: TrackReading, trackId: string): boolean {
  if (reading.kind === 'event') return reading.event.trackId === trackId;
  return reading.kind === 'unreadable' || reading.letter.trackId === null || reading.letter.trackId === trackId;
}

const place = ({ topic }: TimelineEntry): number => 2 * (SOURCES.get(topic)?.reached ?? 0);

/** A letter stands before the event that went on without its phase. */
const rank = (entry: TimelineEntry): number => place(entry) + (entry.kind === 'letter' ? 1 : 0);

const inOrder = (a: TimelineEntry, b: TimelineEntry): number =>
  Date.parse(a.at) - Date.parse(b.at) || rank(a) - rank(b) || a.partition - b.partition || a.offset - b.offset;

type Told = Omit<TimelineEntry, keyof ReturnType<typeof standing>>;

const standing = ({ topic, partition, offset, timestamp }: StoredRecord) => ({
  at: new Date(timestamp).toISOString(),
  topic,
  partition,
  offset,
});

function entryOf(
  record: StoredRecord,
  reading: TrackReading,
  states: ReadonlyMap<string, LetterItem['state']>,
): TimelineEntry {
  return { ...standing(record), ...told(record, reading, states) };
}

function told(record: StoredRecord, reading: TrackReading, states: ReadonlyMap<string, LetterItem['state']>): Told {
  if (reading.kind === 'event') return eventTold(record, reading);
  if (reading.kind === 'letter') return letterTold(reading.letter, states);
  const { code, message } = reading.failure;
  const id = record.headers['ce_id'] ?? `${record.topic}:${record.partition}:${record.offset}`;
  const nothing = { lane: null, phase: null, runId: record.headers['run-id'] ?? null, status: null };
  return { ...nothing, kind: 'unreadable', id, code, message, attempts: null, letter: null };
}

function letterTold(letter: Letter, states: ReadonlyMap<string, LetterItem['state']>): Told {
  const { letterId, phase, runId, code, message, attempts, forwarded, originTopic } = letter;
  const state = states.get(letterId) ?? 'open';
  const lane = laneOf(originTopic, '');
  const failed = { phase, status: 'failed', code, attempts, message };
  return { kind: 'letter', id: letterId, lane, runId, ...failed, letter: { forwarded, state } };
}

function eventTold(record: StoredRecord, { event, runId }: Extract<TrackReading, { kind: 'event' }>): Told {
  const id = record.headers['ce_id'] ?? `${record.topic}:${record.partition}:${record.offset}`;
  const phase = writerOf(id);
  const report = phase === null ? null : event.reports[phase];
  return {
    kind: 'event',
    id,
    lane: laneOf(record.topic, id),
    phase,
    runId,
    status: report?.status ?? null,
    code: report?.code ?? null,
    attempts: report?.attempts ?? null,
    message: phase === null ? arrival(record, event.raw.playlist) : null,
    letter: null,
  };
}

/** How a record came that no phase wrote. */
function arrival({ headers }: StoredRecord, playlist: Playlist | null): string {
  if (headers['dl-id'] !== undefined) return 'redriven';
  if (headers['replay-id'] !== undefined) return `replayed by ${headers['replay-id']}`;
  if (playlist === null) return 'sent on its own';
  const { name, id, positions } = playlist;
  const [position] = positions;
  const at = position === undefined ? '' : `, position ${positions.map((one) => one + 1).join(', ')}`;
  return `seen in “${name ?? id}”${at}`;
}
