import avsc from 'avsc';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codecOver } from '#adapters/registry/codec.ts';
import { memoryCodec } from '#adapters/registry/memory-codec.ts';
import { plainType } from '#adapters/registry/plain.ts';
import { valuesOf } from '#test/support/arbitrary.ts';
import { rawTrack } from '#track/raw.ts';

const codec = memoryCodec();
const someRaw = () => fc.sample(valuesOf(rawTrack), { seed: 3, numRuns: 1 })[0];

async function rawBytes(): Promise<Buffer> {
  const written = await codec.encode('tracks.raw', someRaw());
  if (!written.ok) throw new Error(written.failure.message);
  return written.value;
}

const undecodable = { ok: false, failure: { code: 'UNDECODABLE', message: expect.any(String), retryAfterMs: null } };

/** A codec whose only topic is `things`, written with schemas of other releases. */
function things(reader: object, writers: Readonly<Record<number, object>>) {
  const type = plainType(JSON.stringify(reader));
  return codecOver({
    reader: () => type,
    idOf: async () => 1,
    writer: async (id) => (writers[id] === undefined ? null : avsc.Type.forSchema(writers[id] as avsc.Schema)),
  });
}

const thing = (...fields: object[]) => ({ type: 'record', name: 'Thing', fields });
const header = (id: number): number[] => [0, 0, 0, 0, id];

describe('a codec', () => {
  it('writes a zero byte, the id in four bytes, and the Avro body', async () => {
    const written = await things(thing({ name: 'a', type: 'long' }), {}).encode('things', { a: 3 });
    expect(written).toEqual({ ok: true, value: Buffer.from([0, 0, 0, 0, 1, 6]) });
  });

  it('writes values larger than its room', async () => {
    const long = 'é'.repeat(300_000);
    const codecOfTexts = things(thing({ name: 'a', type: 'string' }), { 1: thing({ name: 'a', type: 'string' }) });
    const written = await codecOfTexts.encode('things', { a: long });
    if (!written.ok) throw new Error(written.failure.message);
    expect(await codecOfTexts.decode('things', written.value)).toEqual({ ok: true, value: { a: long } });
  });

  it('names the field of a value that does not fit, and calls it a bug', async () => {
    const written = await codec.encode('tracks.raw', { ...someRaw(), runId: 7 });
    expect(written).toEqual({
      ok: false,
      failure: {
        code: 'BUG',
        message: 'The value does not fit the schema of tracks.raw: runId is no string',
        retryAfterMs: null,
      },
    });
  });

  it('reads with the schema of this release: what the writer did not know has its default, what we do not know is left', async () => {
    const reader = thing({ name: 'a', type: 'long' }, { name: 'new', type: 'string', default: 'later' });
    const old = thing({ name: 'gone', type: { type: 'array', items: 'long' } }, { name: 'a', type: 'long' });
    const body = [4, 2, 2, 0, 6];
    const read = await things(reader, { 9: old }).decode('things', Buffer.from([...header(9), ...body]));
    expect(read).toEqual({ ok: true, value: { a: 3, new: 'later' } });
  });

  it('refuses a schema that cannot be read as the topic’s', async () => {
    const other = { type: 'record', name: 'Other', fields: [] };
    const read = await things(thing({ name: 'a', type: 'long' }), { 2: other }).decode(
      'things',
      Buffer.from(header(2)),
    );
    expect(read).toEqual(undecodable);
  });

  it('says so when the registry knows no such schema', async () => {
    const read = await codec.decode('tracks.raw', Buffer.from([...header(99), 0]));
    expect(read).toMatchObject({ ok: false, failure: { code: 'UNKNOWN_SCHEMA' } });
  });

  it('finds no topic that has no schema: asking is a bug', async () => {
    await expect(codec.decode('tracks.raw.dlq', await rawBytes())).rejects.toThrow('tracks.raw.dlq');
  });

  it.each([
    ['no value', null],
    ['no bytes', Buffer.alloc(0)],
    ['fewer bytes than a header', Buffer.from([0, 0, 0])],
    ['another first byte', Buffer.from([1, 0, 0, 0, 1, 0])],
    ['text', Buffer.from('{"track":"x"}')],
    ['a header alone', Buffer.from(header(1))],
  ])('refuses %s', async (_, bytes) => {
    expect(await codec.decode('tracks.raw', bytes)).toEqual(undecodable);
  });

  it('refuses a value cut short anywhere, or with bytes after it', async () => {
    const whole = await rawBytes();
    for (let length = 5; length < whole.length; length += 1) {
      expect(await codec.decode('tracks.raw', whole.subarray(0, length))).toEqual(undecodable);
    }
    expect(await codec.decode('tracks.raw', Buffer.concat([whole, Buffer.from([0])]))).toEqual(undecodable);
  });

  it('answers at once to an array that claims four thousand million items', async () => {
    const items = thing({ name: 'a', type: { type: 'array', items: 'long' } });
    const claim = avsc.Type.forSchema('long').toBuffer(4_000_000_000);
    const read = await things(items, { 1: items }).decode('things', Buffer.from([...header(1), ...claim]));
    expect(read).toEqual(undecodable);
  });

  it('turns any bytes whatever into a value or a failure', async () => {
    const whole = await rawBytes();
    const garbled = fc.tuple(
      fc.integer({ min: 5, max: whole.length - 1 }),
      fc.uint8Array({ minLength: 1, maxLength: 10 }),
    );
    await fc.assert(
      fc.asyncProperty(garbled, async ([at, noise]) => {
        const bytes = Buffer.from(whole);
        bytes.set(noise.subarray(0, bytes.length - at), at);
        const read = await codec.decode('tracks.raw', bytes);
        expect(read.ok || read.failure.code === 'UNDECODABLE').toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
