import { schemaTopic } from '#app/letters/open-letter.ts';
import type { LetterItem } from '#feed/letter-ports.ts';
import { sizeOf } from '#stream/outputs.ts';
import type { Decode, Encode } from '#stream/ports.ts';
import type { OutgoingRecord, StoredRecord } from '#stream/record.ts';
import { type Mended, redrivenOf } from '#stream/redriven.ts';
import { TOPOLOGY } from '#track/topology.ts';
import { type LetterMap, mapped } from './map.ts';
import type { LeftLetter, LeftReason } from './order.ts';

/** A letter that can be sent, as the record to send, or why it is left. */
export type Prepared =
  | { readonly kind: 'ready'; readonly letter: LetterItem; readonly record: OutgoingRecord }
  | { readonly kind: 'left'; readonly left: LeftLetter };

export type Preparing = {
  readonly decode: Decode;
  readonly encode: Encode;
  readonly maxBytes: (topic: string) => number;
  readonly map: LetterMap | null;
  readonly maxRedrives: number;
  readonly redrive: string;
  readonly probe: boolean;
};

/**
 * Makes of a letter what is sent to its group.
 * @param record as it stands on the dead-letter topic; `null`: it is gone
 * @throws when the registry is down
 */
export async function prepared(letter: LetterItem, record: StoredRecord | null, ports: Preparing): Promise<Prepared> {
  const left = (reason: LeftReason, message: string): Prepared => ({
    kind: 'left',
    left: { letterId: letter.letterId, reason, message },
  });
  const { maxRedrives, maxBytes, redrive, probe } = ports;
  if (letter.redrives >= maxRedrives) return left('too_often', `redriven ${letter.redrives} times`);
  if (record === null) return left('gone', `${letter.topic}/${letter.partition}@${letter.offset}`);
  const mended = await mendedOf(letter, record, ports);
  if (mended !== null && 'wrong' in mended) return left('map', mended.wrong);
  const { group, replay } = TOPOLOGY[letter.phase];
  const made = redrivenOf(record, { group, phase: letter.phase, topic: replay, redrive, probe }, mended);
  if (made === null) return left('headers', 'it lacks its dl- headers');
  const [size, most] = [sizeOf(made), maxBytes(replay)];
  return size > most
    ? left('too_large', `${size} bytes; ${replay} takes ${most}`)
    : { kind: 'ready', letter, record: made };
}

async function mendedOf(
  letter: LetterItem,
  record: StoredRecord,
  { map, decode, encode }: Preparing,
): Promise<Mended | { readonly wrong: string } | null> {
  if (map === null) return null;
  const decoded = await decode(schemaTopic(letter), record.value);
  const { letterId: id, phase, code, message, trackId, runId } = letter;
  const about = { id, phase, code, message, trackId, runId, headers: record.headers, bytes: record.value };
  return mapped(map, decoded.ok ? decoded.value : null, about, { topic: TOPOLOGY[phase].replay, encode });
}
