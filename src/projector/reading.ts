import type { z } from 'zod';
import { type Failure, failure } from '#stream/failure.ts';
import type { Decode } from '#stream/ports.ts';
import type { StoredRecord } from '#stream/record.ts';
import { failed, ok, type Result } from '#stream/result.ts';
import { eventOf, type TrackEvent, trackEvent } from '#track/event.ts';
import { trackIdOf } from '#track/identity.ts';
import { operation } from '#track/operation.ts';
import { rawTrack } from '#track/raw.ts';
import { OPERATIONS_TOPIC } from '#track/topology.ts';
import { type Letter, letterOf } from './letter.ts';
import { type OperationRow, operationRow } from './operation-row.ts';
import { SOURCES, type Source } from './sources.ts';
import { storable } from './storable.ts';

/** What a record of a track's topics says, in the projector's terms. */
export type TrackReading =
  | {
      readonly kind: 'event';
      readonly event: TrackEvent;
      readonly runId: string;
      readonly reached: number;
      readonly at: number;
    }
  | { readonly kind: 'letter'; readonly letter: Letter; readonly reached: number; readonly at: number }
  | { readonly kind: 'unreadable'; readonly failure: Failure };

/** What one record of the projector's topics says. */
export type Reading = TrackReading | { readonly kind: 'operation'; readonly operation: OperationRow };

/**
 * Reads a record of one of the projector's topics.
 * @returns `unreadable` with why, when nothing can be made of it; that is for the projector's own dead letters
 * @throws when the registry is down
 */
export const readingOf = (record: StoredRecord, decode: Decode): Promise<Reading> =>
  record.topic === OPERATIONS_TOPIC ? operationReading(record, decode) : trackReadingOf(record, decode);

/** The same of a topic that tells of tracks. */
export async function trackReadingOf(record: StoredRecord, decode: Decode): Promise<TrackReading> {
  const source = SOURCES.get(record.topic);
  if (source === undefined) throw new Error(`The projector does not read ${record.topic}.`);
  if (source.holds === 'letters') return letterReading(record, source.phase, source.reached, decode);
  const event = await eventIn(record.topic, source.holds, record.value, decode);
  if (!event.ok) return { kind: 'unreadable', failure: event.failure };
  const runId = storable(record.headers['run-id'] || event.value.raw.runId);
  return { kind: 'event', event: event.value, runId, reached: source.reached, at: record.timestamp };
}

async function operationReading(record: StoredRecord, decode: Decode): Promise<Reading> {
  const decoded = await decode(record.topic, record.value);
  const read = decoded.ok ? parsed(operation, storable(decoded.value)) : decoded;
  if (!read.ok) return { kind: 'unreadable', failure: read.failure };
  const row = operationRow(read.value, record.offset);
  if (row !== null) return { kind: 'operation', operation: row };
  return { kind: 'unreadable', failure: failure('INVALID_EVENT', `${read.value.kind}: details lack the offset.`) };
}

async function letterReading(
  record: StoredRecord,
  phase: Extract<Source, { holds: 'letters' }>['phase'],
  reached: number,
  decode: Decode,
): Promise<TrackReading> {
  const letter = storable(letterOf(record, phase));
  if (letter === null)
    return { kind: 'unreadable', failure: failure('INVALID_EVENT', 'The dead letter lacks its dl- headers.') };
  const known = letter.runId !== null && letter.trackId !== null;
  const whole = known ? letter : await withOrigin(letter, record, decode);
  return { kind: 'letter', letter: whole, reached, at: record.timestamp };
}

/** A plain producer sends no headers; then run and track stand in the original bytes, if they can be read. */
async function withOrigin(letter: Letter, record: StoredRecord, decode: Decode): Promise<Letter> {
  const origin = SOURCES.get(letter.originTopic);
  if (origin === undefined || origin.holds === 'letters') return letter;
  const event = await eventIn(letter.originTopic, origin.holds, record.value, decode);
  if (!event.ok) return letter;
  const { raw, trackId } = event.value;
  return { ...letter, runId: letter.runId ?? raw.runId, trackId: letter.trackId ?? trackId };
}

async function eventIn(
  topic: string,
  holds: 'raw' | 'event',
  bytes: Buffer | null,
  decode: Decode,
): Promise<Result<TrackEvent>> {
  const decoded = await decode(topic, bytes);
  if (!decoded.ok) return decoded;
  const value = storable(decoded.value);
  return holds === 'raw' ? fromRaw(value) : withTrackId(parsed(trackEvent, value));
}

function fromRaw(value: unknown): Result<TrackEvent> {
  const raw = parsed(rawTrack, value);
  return raw.ok ? withTrackId(ok(eventOf(raw.value.track, raw.value))) : raw;
}

/** Producers may name a track by its link; all rows are keyed by the bare id. */
function withTrackId(event: Result<TrackEvent>): Result<TrackEvent> {
  if (!event.ok) return event;
  const trackId = trackIdOf(event.value.trackId);
  if (trackId === null) return failed(failure('NO_TRACK_ID', `"${event.value.trackId}" names no Spotify track.`));
  return ok({ ...event.value, trackId });
}

function parsed<Value>(shape: z.ZodType<Value>, value: unknown): Result<Value> {
  const result = shape.safeParse(value);
  if (result.success) return ok(result.data);
  const [issue] = result.error.issues;
  return failed(failure('INVALID_EVENT', `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'does not fit'}`));
}
