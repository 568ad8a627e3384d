import type { Trouble } from './dead-letter.ts';
import { decodeRecord, type Reading } from './decode.ts';
import { failure } from './failure.ts';
import { letterAlone, type Written, written } from './outputs.ts';
import type { StoredRecord } from './record.ts';
import { failed } from './result.ts';
import { settle } from './settle.ts';
import type { Dear } from './stage.ts';
import type { Place, Work } from './work.ts';

/** Reads the records of a batch, at most so far that no more than the stage's number of dear messages is among them. */
export async function readBatch<In, Out>(
  { stage, ports }: Work<In, Out>,
  records: readonly StoredRecord[],
  now: number,
  { lane }: Place,
): Promise<readonly Reading<In>[]> {
  const source = { topic: stage.from, input: stage.input, decode: ports.decode };
  const isDear = stage.dear === undefined ? null : dearness(stage.dear, now);
  const readings: Reading<In>[] = [];
  let room = stage.dear?.most ?? 0;
  for (const record of records) {
    const reading = await decodeRecord(record, lane, source);
    if (isDear?.(reading) === true) {
      if (room === 0) break;
      room -= 1;
    }
    readings.push(reading);
  }
  return readings;
}

const dearness =
  <In>({ is }: Dear<In>, now: number) =>
  ({ message }: Reading<In>): boolean =>
    message.ok && is(message.value, now);

/** Works a batch to the end: what is to be written for each record, in order. Nothing is written here. */
export async function workBatch<In, Out>(
  work: Work<In, Out>,
  readings: readonly Reading<In>[],
  now: number,
  place: Place,
): Promise<readonly Written[]> {
  const messages = readings.flatMap(({ message }) => (message.ok ? [message.value] : []));
  const settled = (await settle(work, messages, now, place)).values();
  const all: Written[] = [];
  for (const { record, message } of readings) {
    if (!message.ok) {
      all.push(letterAlone(work, record, message.failure, failedOnce(now)));
      continue;
    }
    const done = settled.next();
    if (done.done) throw new Error('A message was not settled.');
    all.push(await written(work, { record, message: message.value }, done.value, place.signal));
  }
  return all;
}

/** Records that killed the process more than once: they are not even decoded, for that may be what kills. */
export const unread = (records: readonly StoredRecord[]): readonly Reading<never>[] =>
  records.map((record) => ({ record, message: failed(failure('CRASH', KILLS)) }));

const KILLS = 'The process died on this record each time it was worked alone.';

const failedOnce = (now: number): Trouble => ({ attempts: 1, firstFailedAt: now, lastFailedAt: now });
