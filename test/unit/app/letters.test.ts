import { expect, test } from 'vitest';
import { memoryBroker } from '#adapters/memory/broker.ts';
import { memoryCodec } from '#adapters/registry/memory-codec.ts';
import { letterDetailLines } from '#app/letters/detail-words.ts';
import { letterOpener } from '#app/letters/open-letter.ts';
import { selectionOf } from '#app/letters/select.ts';
import { groupLines, letterLines } from '#app/letters/words.ts';
import type { LetterItem } from '#feed/letter-ports.ts';
import { letterGroupsQuery, lettersQuery } from '#feed/schemas/letter.ts';
import { AT, aRawTrack, trackId } from '#test/support/tracks.ts';

const NOW = AT;
const at = new Date(AT).toISOString();

const aLetter = (over: Partial<LetterItem> = {}): LetterItem => ({
  letterId: 'tracks.spotify:tracks.raw:0:7',
  consumerGroup: 'tracks.spotify',
  phase: 'spotify',
  class: 'invalid',
  code: 'NO_TRACK_ID',
  message: 'it names\nno track',
  fingerprint: 'abc',
  attempts: 1,
  redrives: 0,
  firstFailedAt: at,
  lastFailedAt: at,
  codeVersion: '0.1.0',
  forwarded: false,
  trackId: trackId(),
  runId: 'run-1',
  originTopic: 'tracks.raw',
  originPartition: 0,
  originOffset: 7,
  topic: 'tracks.spotify.dlq',
  partition: 0,
  offset: 0,
  at,
  state: 'open',
  stateBy: null,
  stateAt: null,
  stateReason: null,
  ...over,
});

const codec = memoryCodec();

async function opened(value: Buffer | null, over: Partial<LetterItem> = {}) {
  const broker = memoryBroker({ now: () => AT });
  broker.createTopic('tracks.spotify.dlq', 1);
  const record = { topic: 'tracks.spotify.dlq', partition: 0, key: Buffer.from('k'), value, headers: { 'dl-id': 'x' } };
  broker.produce([record]);
  const open = letterOpener(broker.reader, codec.decode, async (id) => ({ subject: 'tracks.raw-value', version: id }));
  return open(aLetter(over));
}

async function encoded(): Promise<Buffer> {
  const bytes = await codec.encode('tracks.raw', aRawTrack({ name: 'A song' }));
  if (!bytes.ok) throw new Error(bytes.failure.message);
  return bytes.value;
}

test('a letter is opened where it stands: key, headers, and the value by the schema of where it failed', async () => {
  const bytes = await encoded();
  const schemaId = bytes.readInt32BE(1);
  expect(await opened(bytes)).toEqual({
    key: 'k',
    headers: { 'dl-id': 'x' },
    value: {
      kind: 'decoded',
      schemaId,
      schema: { subject: 'tracks.raw-value', version: schemaId },
      value: expect.objectContaining({ track: trackId(), name: 'A song' }),
    },
  });
});

test('bytes from a topic of strangers are read as what the phase reads', async () => {
  expect(await opened(await encoded(), { originTopic: 'somewhere.else' })).toMatchObject({
    value: { kind: 'decoded' },
  });
});

test('bytes that nobody can decode are shown as they are', async () => {
  expect(await opened(Buffer.from([1, 2, 255]))).toMatchObject({
    value: { kind: 'undecodable', code: 'UNDECODABLE', bytes: 3, hex: '0102ff' },
  });
  expect(await opened(null)).toMatchObject({ value: { kind: 'undecodable', bytes: null, hex: '' } });
  const long = await opened(Buffer.alloc(10_000, 7));
  expect(long?.value).toMatchObject({ bytes: 10_000, hex: '07'.repeat(8192) });
});

test('a letter that retention has taken is none', async () => {
  expect(await opened(Buffer.from('x'), { offset: 5 })).toBeNull();
});

test('a selection is read as people type it', () => {
  const link = `https://open.spotify.com/track/${trackId(3)}`;
  expect(selectionOf(lettersQuery, { since: '36h', track: link, limit: '7', phase: 'links' }, NOW)).toEqual({
    query: {
      ...{
        phase: 'links',
        class: null,
        code: null,
        fingerprint: null,
        until: null,
        release: null,
        letter: null,
        run: null,
        cursor: null,
      },
      ...{ track: trackId(3), since: new Date(NOW - 36 * 3_600_000).toISOString(), state: 'open', limit: 7 },
    },
  });
  expect(selectionOf(letterGroupsQuery, { state: 'all' }, NOW)).toMatchObject({ query: { state: null, limit: 50 } });
});

test.each([
  [{ phase: 'mastering' }, /^--phase: /],
  [{ since: 'lately' }, /^--since: /],
  [{ state: 'lost' }, /^--state: /],
  [{ limit: '0' }, /^--limit: /],
])('a selection that makes no sense is told what is wrong: %j', (options, words) => {
  expect(selectionOf(lettersQuery, options, NOW)).toEqual({ wrong: expect.stringMatching(words) });
});

test('letters for people: one line each for what and why, and how to go on', () => {
  expect(letterLines({ items: [], next: null }, false)).toEqual(['No dead letter fits.']);
  const lines = letterLines({ items: [aLetter(), aLetter({ trackId: null })], next: 'c' }, false);
  expect(lines[0]).toBe(
    `2026-01-02 03:04:05Z  spotify     NO_TRACK_ID       ${trackId()}  open        tracks.spotify:tracks.raw:0:7`,
  );
  expect(lines[1]).toBe('    it names no track');
  expect(lines.slice(-3)).toEqual(['2 dead letters.', '', 'There are more: --cursor c']);
});

test('groups for people: how many, the cause, and one of them', () => {
  const { letterId, trackId: track, message, ...cause } = aLetter();
  const group = {
    ...cause,
    letters: 1200,
    open: 3,
    tracks: 9,
    forwarded: 4,
    sample: { letterId, trackId: track, message },
  };
  const lines = groupLines({ items: [group], groups: 3, letters: 1300 }, false);
  expect(lines[0]).toBe('  1,200  spotify     NO_TRACK_ID  abc');
  expect(lines.at(-1)).toBe('1,300 dead letters of 3 causes, 2 of them not listed (--limit).');
});

test('bytes in the headers of strangers never reach a terminal as they are', () => {
  const value = { kind: 'undecodable', code: 'UNDECODABLE', message: 'no', bytes: 0, hex: '' } as const;
  const lines = letterDetailLines(
    { ...aLetter(), around: [], content: { key: null, headers: { a: '\u001b[2J' }, value } },
    false,
  );
  expect(lines).toContain('  a: \\x1b[2J');
});
