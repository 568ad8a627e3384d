import { beforeEach, describe, expect, test } from 'vitest';
import { type MemoryBroker, memoryBroker } from '#adapters/memory/broker.ts';
import { timelineReader } from '#app/timeline/timeline.ts';
import { timelineLines } from '#app/timeline/words.ts';
import type { LetterItem } from '#feed/letter-ports.ts';
import type { TrackDetail } from '#feed/ports.ts';
import type { OperationRow } from '#projector/operation-row.ts';
import { eventIdOf } from '#stream/envelope.ts';
import type { Headers } from '#stream/record.ts';
import { decodeJson } from '#test/support/read-model.ts';
import { AT, aRawTrack, aTrackEvent, trackId } from '#test/support/tracks.ts';
import { PHASES, type PhaseName } from '#track/phase.ts';
import type { PhaseReport, Reports } from '#track/report.ts';
import { NO_SECTIONS } from '#track/sections/sections.ts';
import { PIPELINE_TOPICS, TOPOLOGY } from '#track/topology.ts';

const ID = trackId(1);
const LIVE = [TOPOLOGY.spotify.from, ...PHASES.map((phase) => TOPOLOGY[phase].to)];

let broker: MemoryBroker;
let clock: number;
let track: TrackDetail | null;
let committed: number | null;
let done: readonly OperationRow[] = [];
let pause: { since: string; reason: string } | null;

beforeEach(() => {
  clock = AT;
  broker = memoryBroker({ now: () => clock });
  const groups = PHASES.map((phase) => TOPOLOGY[phase]);
  for (const topic of new Set([...PIPELINE_TOPICS, ...groups.flatMap(({ replay, dlq }) => [replay, dlq])]))
    broker.createTopic(topic, 3);
  [track, committed, pause, done] = [null, null, null, []];
});

const read = (most = 1000) =>
  timelineReader({
    reader: broker.reader,
    // The clock only goes forward here, so a scan finds what the broker's index would.
    since: async (topic, time) => {
      const ends = await broker.reader.ends(topic);
      const fresh = broker.records(topic).filter(({ timestamp }) => timestamp >= time);
      return ends.map((end) => ({
        ...end,
        offset: fresh.find(({ partition }) => partition === end.partition)?.offset ?? end.offset,
      }));
    },
    track: async () => track,
    decode: decodeJson,
    committed: async () => committed,
    pause: async () => pause,
    calls: async (keys) => keys.map((key) => ({ ...key, outcome: 'found', at: new Date(AT).toISOString() })),
    done: async () => done,
    most,
  })(ID);

const report = (over: Partial<PhaseReport> = {}): PhaseReport => ({
  status: 'enriched',
  at: clock,
  code: null,
  attempts: 1,
  confirmedAt: null,
  ...over,
});

function put(topic: string, value: unknown, headers: Headers = {}, over: { id?: string; partition?: number } = {}) {
  clock += 1000;
  const [at] = broker.produce([
    {
      topic,
      partition: over.partition ?? null,
      key: Buffer.from(over.id ?? ID),
      value: Buffer.from(JSON.stringify(value)),
      headers,
    },
  ]);
  if (at === undefined) throw new Error('nothing was written');
  return at;
}

const playlist = {
  id: 'summer',
  name: 'Summer',
  snapshotId: 's1',
  positions: [4],
  url: null,
  curator: null,
  isEditorial: null,
};
const raw = aRawTrack({ track: ID, playlist });

/** Sends the track through the phases up to the given one, which ends as told. */
function passed(last: PhaseName, reports: Partial<Reports> = {}, partition?: number) {
  let at = put(TOPOLOGY.spotify.from, raw, {}, partition === undefined ? {} : { partition });
  let all = aTrackEvent({}, raw).reports;
  for (const phase of PHASES.slice(0, PHASES.indexOf(last) + 1)) {
    all = { ...all, [phase]: reports[phase] ?? report() };
    const ce_id = eventIdOf(TOPOLOGY[phase].group, at);
    at = put(TOPOLOGY[phase].to, aTrackEvent({ reports: all }, raw), { ce_id, 'run-id': 'run-1' });
  }
  return at;
}

const letterHeaders = (phase: PhaseName, offset: number, over: Headers = {}): Headers => ({
  'dl-id': `${TOPOLOGY[phase].group}:${TOPOLOGY[phase].from}:0:${offset}`,
  'dl-origin-topic': TOPOLOGY[phase].from,
  'dl-origin-partition': '0',
  'dl-origin-offset': String(offset),
  'dl-group': TOPOLOGY[phase].group,
  'dl-attempts': '3',
  'dl-error': 'NO_TRACK_ID',
  'dl-error-message': 'it names no track',
  'dl-forwarded': 'false',
  'run-id': 'run-1',
  ce_subject: ID,
  ...over,
});

const known = (over: Partial<TrackDetail>): TrackDetail =>
  ({
    trackId: ID,
    name: 'A song',
    artists: ['Somebody'],
    isrc: null,
    sections: NO_SECTIONS,
    firstSeenAt: new Date(AT).toISOString(),
    status: 'in_flight',
    completeAt: null,
    reports: aTrackEvent().reports,
    letters: [],
    runs: [],
    ...over,
  }) as unknown as TrackDetail;

const diagnosis = async () => (await read())?.diagnosis;

describe('the timeline of a track', () => {
  test('has every record of it in the order of time, with where it stands and who wrote it', async () => {
    put('tracks.raw', aRawTrack({ track: trackId(2) }), {}, { id: trackId(2) });
    passed('analytics', { credits: report({ status: 'not_found', code: 'NO_CREDITS' }) });
    const timeline = await read();
    expect(timeline?.entries.map(({ topic, phase, status, code }) => [topic, phase, status, code])).toEqual([
      [LIVE[0], null, null, null],
      [LIVE[1], 'spotify', 'enriched', null],
      [LIVE[2], 'credits', 'not_found', 'NO_CREDITS'],
      [LIVE[3], 'publishing', 'enriched', null],
      [LIVE[4], 'links', 'enriched', null],
      [LIVE[5], 'analytics', 'enriched', null],
    ]);
    expect(timeline?.entries[0]).toMatchObject({ message: 'seen in “Summer”, position 5', lane: 'live', offset: 0 });
    expect(new Set(timeline?.entries.map(({ partition }) => partition)).size).toBe(1);
    expect(timeline?.read).toMatchObject({ partitions: 16, whole: true, since: null });
  });

  test('finds the raw record that a foreign partitioner put elsewhere, by the event that was made of it', async () => {
    const right = broker.records('tracks.spotify-enriched');
    expect(right).toEqual([]);
    for (const partition of [0, 1, 2]) passed('spotify', {}, partition);
    const timeline = await read();
    const raws = timeline?.entries.filter(({ topic }) => topic === 'tracks.raw');
    expect(raws?.map(({ partition }) => partition)).toEqual([0, 1, 2]);
  });

  test('finds a letter without a key where the read model knows it', async () => {
    const at = broker.produce([
      { topic: 'tracks.spotify.dlq', partition: 2, key: null, value: null, headers: letterHeaders('spotify', 9) },
    ])[0];
    track = known({
      letters: [{ ...at, letterId: 'tracks.spotify:tracks.raw:0:9', state: 'superseded' } as LetterItem],
    });
    expect((await read())?.entries).toMatchObject([
      { kind: 'letter', letter: { state: 'superseded', forwarded: false } },
    ]);
  });

  test('tells calls and operations among the records, each at its time', async () => {
    passed('spotify');
    const at = new Date(AT + 1500).toISOString();
    const replayed = {
      operationId: 'x',
      kind: 'replay' as const,
      by: 'somebody',
      at,
      target: 'replay-1',
      reason: null,
    };
    done = [{ ...replayed, details: {}, letterOffset: null, position: 0 }];
    track = known({ isrc: 'QZ-ABC-25-00001' });
    const timeline = await read();
    expect(timeline?.calls).toContainEqual(
      expect.objectContaining({ provider: 'mlc', kind: 'recordings', key: 'QZABC2500001' }),
    );
    const lines = timeline === null ? [] : timelineLines(timeline, false);
    const placeOf = (text: string) => lines.findIndex((line) => line.includes(text));
    expect(placeOf('asked')).toBeLessThan(placeOf('tracks.raw/'));
    expect(placeOf('by somebody to replay-1')).toBeGreaterThan(placeOf('tracks.raw/'));
    expect(placeOf('by somebody to replay-1')).toBeLessThan(placeOf('tracks.spotify-enriched/'));
  });

  test('reads from where the track was first seen, a minute before', async () => {
    put('tracks.raw', raw);
    clock += 3_600_000;
    put('tracks.raw', raw);
    track = known({ firstSeenAt: new Date(clock).toISOString() });
    const timeline = await read();
    expect(timeline?.entries).toHaveLength(1);
    expect(timeline?.read).toMatchObject({ since: new Date(clock - 60_000).toISOString(), records: 1 });
  });

  test('stops at its bound and says so', async () => {
    passed('analytics');
    const timeline = await read(3);
    expect(timeline?.read).toMatchObject({ records: 3, whole: false });
    expect(timelineLines(timeline as NonNullable<typeof timeline>, false).join('\n')).toContain(
      'later topics were not read',
    );
  });

  test('shows what cannot be read, and is none for a track that nobody knows', async () => {
    expect(await read()).toBeNull();
    put('tracks.credited', 'no event');
    expect((await read())?.entries).toMatchObject([{ kind: 'unreadable', code: 'INVALID_EVENT' }]);
  });
});

describe('its diagnosis', () => {
  test('complete', async () => {
    passed('analytics');
    track = known({ status: 'complete', completeAt: '2026-01-02T03:04:11.000Z' });
    expect(await diagnosis()).toEqual({ verdict: 'complete', sentence: 'Complete since 2026-01-02T03:04:11.000Z.' });
  });

  test('complete without a phase that failed, and what the letter says', async () => {
    passed('analytics');
    const links = report({ status: 'failed', code: 'PROVIDER_DOWN' });
    const credits = report({ status: 'off', code: 'NOT_CONFIGURED' });
    const letter = {
      letterId: 'x',
      phase: 'links',
      state: 'open',
      message: 'nobody answers',
      topic: 'tracks.links.dlq',
    };
    track = known({
      status: 'complete',
      completeAt: '2026-01-02T03:04:11.000Z',
      reports: { ...aTrackEvent().reports, links, credits },
      letters: [{ ...letter, partition: 0, offset: 99 } as LetterItem],
    });
    expect(await diagnosis()).toEqual({
      verdict: 'degraded',
      sentence:
        'Complete without links since 2026-01-02T03:04:11.000Z. links failed: PROVIDER_DOWN: nobody answers (letter x, open). ' +
        'No facts from one phase: credits is off (NOT_CONFIGURED).',
    });
  });

  test('waits for a stage that is paused', async () => {
    passed('publishing');
    pause = { since: '2026-01-02T03:05:00.000Z', reason: 'RATE_LIMITED: come back later' };
    expect(await diagnosis()).toEqual({
      verdict: 'waiting',
      sentence:
        'Waits at links: the stage is paused since 2026-01-02T03:05:00.000Z because RATE_LIMITED: come back later',
    });
  });

  test.each([
    [null, 'tracks.links has never read'],
    [0, 'it is the next record at'],
    [1, 'has just gone past'],
  ])('waits for a group that stands at %s', async (offset, words) => {
    passed('publishing');
    committed = offset;
    expect(await diagnosis()).toMatchObject({ verdict: 'waiting', sentence: expect.stringContaining(words) });
  });

  test('waits behind others in the replay lane', async () => {
    const lost = passed('publishing');
    for (let n = 0; n < 5; n += 1)
      put('tracks.links.replay', aTrackEvent({}, raw), {}, { partition: lost.partition, id: 'x' });
    put('tracks.links.replay', aTrackEvent({}, raw), { 'dl-id': 'x', 'run-id': 'run-1' });
    committed = 2;
    expect((await read())?.entries.at(-1)).toMatchObject({ lane: 'replay', message: 'redriven', phase: null });
    expect(await diagnosis()).toMatchObject({
      sentence: expect.stringMatching(
        /at links: at most 3 records stand before it at tracks.links.replay.*behind all live/,
      ),
    });
  });

  test('dead-lettered', async () => {
    const at = put('tracks.raw', raw);
    put('tracks.spotify.dlq', raw, letterHeaders('spotify', at.offset));
    expect(await diagnosis()).toEqual({
      verdict: 'dead-lettered',
      sentence: 'Dead-lettered at spotify: NO_TRACK_ID: it names no track',
    });
  });

  test('complete, with a later run on its way', async () => {
    passed('analytics');
    put('tracks.raw', aRawTrack({ ...raw, runId: 'run-2' }));
    track = known({ status: 'complete', completeAt: '2026-01-02T03:04:11.000Z' });
    expect(await diagnosis()).toMatchObject({
      verdict: 'complete',
      sentence: expect.stringMatching(/^Complete since \S+ Its latest run \(run-2\) waits at spotify: /),
    });
  });

  test('complete in the log, also where the read model is behind', async () => {
    passed('analytics');
    expect(await diagnosis()).toMatchObject({ verdict: 'complete' });
  });

  test('of a track whose records retention has taken: what the read model says', async () => {
    track = known({ status: 'in_flight' });
    expect(await diagnosis()).toEqual({
      verdict: 'unknown',
      sentence: 'No readable record of it stands on the topics that were read. The read model says in_flight.',
    });
  });
});

test('the timeline for people ends with the diagnosis', async () => {
  passed('links', { credits: report({ status: 'failed', code: 'TIMEOUT', attempts: 3 }) });
  put('tracks.credits.dlq', raw, letterHeaders('credits', 0, { 'dl-forwarded': 'true', 'dl-error': 'TIMEOUT' }));
  track = known({ runs: [{ runId: 'run-1', place: 'in_flight', degraded: true }] });
  const timeline = await read();
  const lines = timelineLines(timeline as NonNullable<typeof timeline>, false);
  expect(lines[0]).toBe('A song — Somebody');
  expect(lines[1]).toBe(`${ID}, 1 run, 1 not complete`);
  expect(lines.find((line) => line.includes('✉ credits'))).toMatch(
    /failed +TIMEOUT, 3 attempts, open, event went on +tracks\.credits\.dlq\/\d@0/,
  );
  expect(lines.at(-1)).toMatch(/^Waits at analytics: /);
  expect(lines.join('')).not.toContain('\u001b');
});
