import { unframe } from '#adapters/registry/wire.ts';
import { recordAt } from '#app/timeline/record-at.ts';
import type { LetterValue, OpenLetter } from '#feed/letter-ports.ts';
import type { Letter } from '#projector/letter.ts';
import type { Decode, LogReader } from '#stream/ports.ts';
import { TOPOLOGY } from '#track/topology.ts';
import { TOPIC_VALUES } from '#track/values.ts';

/** Where a registry has a schema; `null` when it does not say. */
export type FindSchema = (id: number) => Promise<{ readonly subject: string; readonly version: number } | null>;

const HEX_BYTES = 8192;

/** Whose schema the bytes have: the topic where the record failed, or for strangers' topics what the phase reads. */
export const schemaTopic = ({ originTopic, phase }: Letter): string =>
  Object.hasOwn(TOPIC_VALUES, originTopic) ? originTopic : TOPOLOGY[phase].from;

/** Opens letters where they stand on their topics. */
export const letterOpener =
  (reader: LogReader, decode: Decode, findSchema: FindSchema): OpenLetter =>
  async (letter) => {
    if (letter.state === 'withdrawn') return null;
    const record = await recordAt(reader, letter);
    if (record === null) return null;
    const { key, headers, value } = record;
    return {
      key: key?.toString('utf8') ?? null,
      headers,
      value: await contentOf(value, schemaTopic(letter), decode, findSchema),
    };
  };

async function contentOf(
  bytes: Buffer | null,
  topic: string,
  decode: Decode,
  findSchema: FindSchema,
): Promise<LetterValue> {
  const decoded = await decode(topic, bytes);
  const schemaId = bytes === null ? undefined : unframe(bytes)?.id;
  if (decoded.ok && schemaId !== undefined) {
    return { kind: 'decoded', schemaId, schema: await findSchema(schemaId), value: decoded.value };
  }
  const { code, message } = decoded.ok ? { code: 'UNDECODABLE', message: 'No schema id.' } : decoded.failure;
  const hex = bytes?.subarray(0, HEX_BYTES).toString('hex') ?? '';
  return { kind: 'undecodable', code, message, bytes: bytes?.length ?? null, hex };
}
