import type { Trouble } from './dead-letter.ts';
import { decodeRecord, type Reading } from './decode.ts';
import { failure } from './failure.ts';
import { letterAlone, type Written, written } from './outputs.ts';
import type { StoredRecord } from './record.ts';
import { settle } from './settle.ts';
import type { Place, Work } from './work.ts';

/** Works a batch of records to the end: what is to be written for each, in order. Nothing is written here. */
export async function workBatch<In, Out>(
  work: Work<In, Out>,
  records: readonly StoredRecord[],
  place: Place,
): Promise<readonly Written[]> {
  const { stage, ports } = work;
  const source = { topic: stage.from, input: stage.input, decode: ports.decode };
  const readings: Reading<In>[] = [];
  for (const record of records) readings.push(await decodeRecord(record, place.lane, source));
  const messages = readings.flatMap(({ message }) => (message.ok ? [message.value] : []));
  const settled = (await settle(work, messages, place)).values();
  const all: Written[] = [];
  for (const { record, message } of readings) {
    if (!message.ok) {
      all.push(letterAlone(work, record, message.failure, await failedOnce(ports.clock)));
      continue;
    }
    const done = settled.next();
    if (done.done) throw new Error('A message was not settled.');
    all.push(await written(work, { record, message: message.value }, done.value, place.signal));
  }
  return all;
}

/** A record that killed the process more than once: it is not even decoded, for that may be what kills. */
export async function buryKiller<In, Out>(
  work: Work<In, Out>,
  records: readonly StoredRecord[],
): Promise<readonly Written[]> {
  const why = failure('CRASH', 'The process died on this record each time it was worked alone.');
  const trouble = await failedOnce(work.ports.clock);
  return records.map((record) => letterAlone(work, record, why, trouble));
}

async function failedOnce(clock: () => Promise<number>): Promise<Trouble> {
  const now = await clock();
  return { attempts: 1, firstFailedAt: now, lastFailedAt: now };
}
