import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { answeredIn } from '#projector/answered.ts';
import { servePartition } from '#projector/partition.ts';
import type { ProjectionTransaction } from '#projector/ports.ts';
import { mergeStored, type StoredTrack } from '#projector/stored-track.ts';
import { trackRow } from '#projector/track-row.ts';
import { NARROW, valuesOf } from '#test/support/arbitrary.ts';
import {
  aLog,
  aReadModel,
  assignmentOf,
  aWriter,
  emptyReadModel,
  everyRow,
  killedBefore,
  type Log,
  serveAll,
} from '#test/support/read-model.ts';
import { AT, aPart, aRawTrack, aTrackEvent, trackId } from '#test/support/tracks.ts';
import { type TrackEvent, trackEvent } from '#track/event.ts';
import { PHASES, type PhaseName } from '#track/phase.ts';
import type { PhaseReport } from '#track/report.ts';
import { stateOf } from '#track/state.ts';
import { PIPELINE_TOPICS, TOPOLOGY } from '#track/topology.ts';

let model: Awaited<ReturnType<typeof aReadModel>>;

beforeAll(async () => {
  model = await aReadModel();
});
beforeEach(async () => {
  await emptyReadModel(model.pool);
  model.writer.reset();
  model.notices.length = 0;
});
afterAll(() => model.close());

const report = (over: Partial<PhaseReport> = {}): PhaseReport => ({
  status: 'enriched',
  at: AT + 1000,
  code: null,
  attempts: 1,
  confirmedAt: null,
  ...over,
});

const inPlaylist = (positions: number[]) => ({
  id: 'summer',
  name: 'Summer',
  snapshotId: 's1',
  positions,
  url: null,
  curator: 'somebody',
  isEditorial: false,
});

/** The event after the phases up to and including the given one. */
function through(
  phase: PhaseName,
  raw: TrackEvent,
  statuses: Partial<Record<PhaseName, PhaseReport>> = {},
): TrackEvent {
  const passed = PHASES.slice(0, PHASES.indexOf(phase) + 1);
  const reports = Object.fromEntries(passed.map((name) => [name, statuses[name] ?? report()]));
  return { ...raw, reports: { ...raw.reports, ...reports } };
}

const letterHeaders = (phase: PhaseName, offset: number, over: Record<string, string> = {}) => ({
  'dl-id': `${TOPOLOGY[phase].group}/${TOPOLOGY[phase].from}/0/${offset}`,
  'dl-origin-topic': TOPOLOGY[phase].from,
  'dl-origin-partition': '0',
  'dl-origin-offset': String(offset),
  'dl-group': TOPOLOGY[phase].group,
  'dl-phase': phase,
  'dl-class': 'transient',
  'dl-error': 'TIMEOUT',
  'dl-error-message': 'no answer in 10 s',
  'dl-forwarded': 'true',
  'run-id': 'run-1',
  ce_subject: trackId(offset),
  ...over,
});

/** A run of three: one complete, one degraded and complete, one dead-lettered at publishing; a fourth is on its way. */
function aSmallRun(log: Log = aLog()): Log {
  const raws = [1, 2, 3, 4].map((n) =>
    aRawTrack({ track: trackId(n), name: `Track ${n}`, runTotal: 4, playlist: inPlaylist([n]) }),
  );
  const events = raws.map((raw) => aTrackEvent({}, raw));
  for (const raw of raws) log.append('tracks.raw', raw);
  const [one, two, three] = events as [TrackEvent, TrackEvent, TrackEvent];
  for (const phase of PHASES) {
    log.append(TOPOLOGY[phase].to, through(phase, one), { at: AT + 5000 });
    log.append(TOPOLOGY[phase].to, through(phase, two, { credits: report({ status: 'failed', code: 'TIMEOUT' }) }));
  }
  log.append('tracks.credits.dlq', 'x', { headers: letterHeaders('credits', 2) });
  log.append('tracks.spotify-enriched', through('spotify', three));
  log.append('tracks.credited', through('credits', three));
  log.append('tracks.publishing.dlq', 'x', { headers: letterHeaders('publishing', 3, { 'dl-forwarded': 'false' }) });
  return log;
}

const asPublicRun = async () => (await model.pool.query('select * from runs order by run_id')).rows;

describe('a log that has lost the place of the read model', () => {
  const topic = 'tracks.raw';
  const withRange = (begin: number, end: number, acceptLoss = false) => ({
    ...model.ports,
    range: async () => ({ begin, end }),
    acceptLoss,
  });
  const tracksOf = async () => (await model.pool.query('select track_id from tracks order by 1')).rows.length;
  const rawLog = (...numbers: number[]): Log => {
    const log = aLog();
    for (const n of numbers) log.append(topic, aRawTrack({ track: trackId(n) }));
    return log;
  };

  test('a database kept while Kafka was wiped: refused, with place, range and mend', async () => {
    await serveAll(rawLog(1, 2, 3), model.ports);
    const served = serveAll(rawLog(4), withRange(0, 1));
    await expect(served).rejects.toThrow(
      `The read model stands at 3, beyond the end: the topic was made anew. ${topic}/0 has 0 to 1.`,
    );
    await expect(serveAll(rawLog(4), withRange(0, 1))).rejects.toThrow('linernotes run projector --accept-loss');
    expect(await tracksOf()).toBe(3);
  });

  test('records deleted before they were applied: refused', async () => {
    await serveAll(rawLog(1), model.ports);
    await expect(serveAll(rawLog(1, 2, 3), withRange(2, 3))).rejects.toThrow('the records up to 2 were deleted');
  });

  test('accepted, it applies from the first record that stands, and refuses no more', async () => {
    await serveAll(rawLog(1, 2, 3), model.ports);
    await serveAll(rawLog(4), withRange(0, 1, true));
    expect(await tracksOf()).toBe(4);
    await serveAll(rawLog(4, 5), withRange(0, 2));
    expect(await tracksOf()).toBe(5);
  });
});

describe('the read model', () => {
  test('counts a run so that complete, in flight and dead-lettered add up to accepted', async () => {
    await serveAll(aSmallRun(), model.ports);
    expect(await asPublicRun()).toMatchObject([
      {
        run_id: 'run-1',
        playlist_id: 'summer',
        playlist_name: 'Summer',
        total: 4,
        accepted: 4,
        complete: 2,
        in_flight: 1,
        dead_lettered: 1,
        degraded: 1,
        letters: 2,
        finished: false,
      },
    ]);
    const { rows } = await model.pool.query(`select track_id, place, degraded from run_tracks order by track_id`);
    expect(rows).toEqual([
      { track_id: trackId(1), place: 'complete', degraded: false },
      { track_id: trackId(2), place: 'complete', degraded: true },
      { track_id: trackId(3), place: 'dead_lettered', degraded: false },
      { track_id: trackId(4), place: 'in_flight', degraded: false },
    ]);
  });

  test('tells by phase how many tracks arrived and how it ended for them', async () => {
    await serveAll(aSmallRun(), model.ports);
    const { rows } = await model.pool.query(
      `select phase, jsonb_object_agg(status, tracks) as counts from run_phases where tracks <> 0 group by phase`,
    );
    expect(Object.fromEntries(rows.map(({ phase, counts }) => [phase, counts]))).toEqual({
      spotify: { arrived: 4, enriched: 3 },
      credits: { arrived: 3, enriched: 2, failed: 1 },
      publishing: { arrived: 3, enriched: 2 },
      links: { arrived: 2, enriched: 2 },
      analytics: { arrived: 2, enriched: 2 },
    });
  });

  test('has the playlist with its tracks and every position', async () => {
    const log = aSmallRun();
    log.append('tracks.raw', aRawTrack({ track: trackId(1), playlist: inPlaylist([9, 1]), observedAt: AT + 1 }));
    await serveAll(log, model.ports);
    const playlists = await model.pool.query('select playlist_id, name, curator, snapshot_id, tracks from playlists');
    expect(playlists.rows).toEqual([
      { playlist_id: 'summer', name: 'Summer', curator: 'somebody', snapshot_id: 's1', tracks: 4 },
    ]);
    const places = await model.pool.query('select track_id, positions, current from playlist_tracks order by track_id');
    expect(places.rows).toEqual([
      { track_id: trackId(1), positions: [1, 9], current: true },
      { track_id: trackId(2), positions: [2], current: true },
      { track_id: trackId(3), positions: [3], current: true },
      { track_id: trackId(4), positions: [4], current: true },
    ]);
  });

  test('shows a track resolved, with sections and reports, when it is complete', async () => {
    const log = aLog();
    const core = {
      answeredId: trackId(1),
      name: 'Öffnungszeiten 花',
      isrc: 'QZABC2600001',
      artists: [{ id: null, name: 'One, Two' }],
      albumId: null,
      albumName: 'Album',
      releaseDate: { value: '2026-01', precision: 'month' as const },
      durationMs: 200_000,
      explicit: true,
      discNumber: 1,
      trackNumber: 1,
      imageUrl: null,
    };
    const known = aTrackEvent({}, { track: trackId(1), name: 'raw name', artists: ['One, Two'] });
    const sections = {
      ...known.sections,
      spotify: { ...known.sections.spotify, core: aPart(core) },
      credits: { ...known.sections.credits, streams: aPart({ playCount: 4_400_000_000 }) },
    };
    log.append('tracks.complete', through('analytics', { ...known, sections }), { at: AT + 7 });
    await serveAll(log, model.ports);
    const { rows } = await model.pool.query('select * from tracks');
    expect(rows).toMatchObject([
      {
        track_id: trackId(1),
        name: 'Öffnungszeiten 花',
        artists: ['One, Two'],
        isrc: 'QZABC2600001',
        release_date: '2026-01',
        release_date_precision: 'month',
        duration_ms: 200_000,
        explicit: true,
        streams: 4_400_000_000,
        writers: [],
        status: 'complete',
        degraded: false,
        spotify_status: 'enriched',
        analytics_status: 'enriched',
        complete_at: new Date(AT + 7).toISOString(),
        summary: { name: { value: 'Öffnungszeiten 花', source: 'spotify.core', at: AT } },
        sections: { spotify: { core: { value: core } } },
        reports: { spotify: { status: 'enriched' } },
      },
    ]);
  });

  test('a redriven track that moves past the place where it was lost is in flight again, then complete', async () => {
    const log = aLog();
    const event = aTrackEvent({}, { track: trackId(3) });
    const lost = letterHeaders('publishing', 3, { 'dl-forwarded': 'false' });
    log.append('tracks.publishing.dlq', 'x', { headers: lost });
    await serveAll(log, model.ports);
    expect(await asPublicRun()).toMatchObject([{ accepted: 1, dead_lettered: 1, in_flight: 0, complete: 0 }]);
    log.append('tracks.links.replay', through('publishing', event));
    await serveAll(log, model.ports);
    expect(await asPublicRun()).toMatchObject([{ accepted: 1, dead_lettered: 0, in_flight: 1, complete: 0 }]);
    log.append('tracks.complete', through('analytics', event));
    await serveAll(log, model.ports);
    expect(await asPublicRun()).toMatchObject([{ accepted: 1, dead_lettered: 0, in_flight: 0, complete: 1 }]);
  });

  test('a letter that comes again after a redrive is one letter, with its newest reason', async () => {
    const log = aLog();
    log.append('tracks.credits.dlq', 'x', { headers: letterHeaders('credits', 2) });
    log.append('tracks.credits.dlq', 'x', { headers: letterHeaders('credits', 2, { 'dl-error': 'UNPARSEABLE' }) });
    await serveAll(log, model.ports, 1);
    expect((await model.pool.query('select code, "offset" from dead_letters')).rows).toEqual([
      { code: 'UNPARSEABLE', offset: 1 },
    ]);
    expect(await asPublicRun()).toMatchObject([{ letters: 1, dead_lettered: 0, in_flight: 1 }]);
    const { rows } = await model.pool.query(
      `select body ->> 'code' as code from linernotes.feed where type = 'letter'`,
    );
    expect(rows.map(({ code }) => code)).toEqual(['TIMEOUT', 'UNPARSEABLE']);
  });

  describe('says of a letter', () => {
    const failedAt = AT + 5000;
    const failed = (over: Record<string, string> = {}) =>
      letterHeaders('credits', 2, {
        'dl-attempts': '3',
        'dl-first-failed-at': new Date(AT).toISOString(),
        'dl-last-failed-at': new Date(failedAt).toISOString(),
        'dl-fingerprint': 'abc',
        ...over,
      });
    const event = aTrackEvent({}, aRawTrack({ track: trackId(2) }));
    const credited = (over: Partial<PhaseReport>) => through('credits', event, { credits: report(over) });
    const states = async () => (await model.pool.query('select state from dead_letters order by letter_id')).rows;

    test('how often and how long it failed, and for what cause', async () => {
      const log = aLog();
      log.append('tracks.credits.dlq', 'x', { headers: failed() });
      await serveAll(log, model.ports);
      expect((await model.pool.query('select * from dead_letters')).rows).toMatchObject([
        {
          fingerprint: 'abc',
          attempts: 3,
          redrives: 0,
          first_failed_at: new Date(AT).toISOString(),
          last_failed_at: new Date(failedAt).toISOString(),
          state: 'open',
        },
      ]);
    });

    test.each<[string, Partial<PhaseReport>, string]>([
      ['an answer after the failure closes it', { at: failedAt + 1 }, 'superseded'],
      ['that the provider has none is an answer', { at: failedAt + 1, status: 'not_found' }, 'superseded'],
      ['facts found fresh are one too', { at: AT, confirmedAt: failedAt + 1 }, 'superseded'],
      ['an answer from before leaves it open', { at: failedAt }, 'open'],
      ['a failure leaves it open', { at: failedAt + 1, status: 'failed' }, 'open'],
      ['a phase that was off leaves it open', { at: failedAt + 1, status: 'off' }, 'open'],
      ['a lacking input leaves it open', { at: failedAt + 1, status: 'not_yet' }, 'open'],
    ])('%s', async (_, over, state) => {
      const log = aLog();
      log.append('tracks.credited', credited(over));
      log.append('tracks.credits.dlq', 'x', { headers: failed() });
      await serveAll(log, model.ports);
      expect(await states()).toEqual([{ state }]);
    });

    test('that an answer closed it for good, also when the phase failed anew and whatever came first', async () => {
      const log = aLog();
      log.append('tracks.credited', credited({ at: failedAt + 1000 }));
      log.append('tracks.credited', credited({ at: failedAt + 2000, status: 'failed' }), { partition: 1 });
      log.append('tracks.credits.dlq', 'x', { headers: failed() });
      const again = { 'dl-id': 'z', 'dl-last-failed-at': new Date(failedAt + 2000).toISOString() };
      log.append('tracks.credits.dlq', 'x', { headers: failed(again) });
      for (const records of [log.records, [...log.records].reverse()]) {
        await emptyReadModel(model.pool);
        await serveAll({ ...log, records }, model.ports, 1);
        expect(await states()).toEqual([{ state: 'superseded' }, { state: 'open' }]);
      }
    });
  });

  test('a letter without run header belongs to the run that its original bytes name', async () => {
    const log = aLog();
    const { 'run-id': _, ...headers } = letterHeaders('spotify', 1, { 'dl-forwarded': 'false' });
    log.append('tracks.spotify.dlq', aRawTrack({ track: trackId(1), runId: 'plain' }), { headers });
    await serveAll(log, model.ports);
    expect(await asPublicRun()).toMatchObject([{ run_id: 'plain', accepted: 1, dead_lettered: 1, letters: 1 }]);
  });

  test('a fact with a NUL in it is kept, and the row is still the fold', async () => {
    const log = aLog();
    log.append('tracks.raw', aRawTrack({ track: trackId(1), name: 'a\0b', runId: 'r\0' }));
    await serveAll(log, model.ports);
    expect((await model.pool.query('select name from tracks')).rows).toEqual([{ name: 'a\uFFFDb' }]);
    expect(model.writer.written).toEqual([]);
  });
});

describe('exactly once', () => {
  test('the same records in any order of topics, in any batches, end in the same rows and the same counters', async () => {
    const log = aSmallRun();
    await serveAll(log, model.ports);
    const expected = await everyRow(model.pool);
    for (const [order, max] of [
      [[...log.records].reverse(), 1],
      [[...log.records, ...log.records].sort((a, b) => (a.topic < b.topic ? 1 : -1)), 3],
    ] as const) {
      await emptyReadModel(model.pool);
      const again = aLog();
      for (const { topic, value, headers, timestamp } of order) again.append(topic, value, { headers, at: timestamp });
      await serveAll(again, model.ports, max);
      expect(await everyRow(model.pool)).toEqual(expected);
    }
  });

  test('regression: replay equals live state: any events of a track, in any order and on all partitions at once, end in the row of their fold', async () => {
    const event = valuesOf(trackEvent, NARROW).map((drawn) => ({
      ...drawn,
      trackId: trackId(1),
      raw: { ...drawn.raw, runId: `run-${drawn.raw.observedAt}` },
    }));
    const placed = fc.record({ event, topic: fc.constantFrom(...PIPELINE_TOPICS.slice(1)), partition: fc.nat(2) });
    await fc.assert(
      fc.asyncProperty(fc.array(placed, { minLength: 1, maxLength: 8 }), async (drawn) => {
        await emptyReadModel(model.pool);
        const log = aLog();
        for (const { event, topic, partition } of drawn) log.append(topic, event, { partition });
        const partitions = new Set(log.records.map(({ topic, partition }) => `${topic}/${partition}`));
        await Promise.all(
          [...partitions].map((at) => {
            const [topic = '', partition] = at.split('/');
            return servePartition(assignmentOf(log, topic, Number(partition), 2), model.ports);
          }),
        );
        const folded = drawn.map(({ event, topic }) => shareOf(event, topic)).reduce(mergeStored);
        const { rows } = await model.pool.query<{ state: StoredTrack; name: string | null }>(
          'select * from read_v5.tracks',
        );
        expect(rows).toHaveLength(1);
        const row = trackRow(mergeStored(folded, folded));
        expect(rows[0]?.state).toEqual(JSON.parse(JSON.stringify(row.state)));
        expect(rows[0]).toMatchObject({ name: row.name, artists: row.artists, status: row.status });
        await countersAreSums();
      }),
      { numRuns: 40 },
    );
  });

  const shareOf = (event: TrackEvent, topic: string): StoredTrack => ({
    track: stateOf(event),
    answered: answeredIn(event.reports),
    reached: PIPELINE_TOPICS.indexOf(topic as (typeof PIPELINE_TOPICS)[number]),
    lost: null,
    firstSeenAt: AT,
    completeAt: topic === 'tracks.complete' ? AT : null,
    updatedAt: AT,
  });

  /** The counters are kept by steps; they must be what counting the rows gives. */
  async function countersAreSums() {
    const counted = await model.pool.query(`
      select run_id, count(*) as accepted, count(*) filter (where place = 'complete') as complete,
        count(*) filter (where place = 'dead_lettered') as dead_lettered, count(*) filter (where degraded) as degraded
      from run_tracks group by run_id order by run_id`);
    const kept = await model.pool.query(
      'select run_id, accepted, complete, dead_lettered, degraded from runs order by run_id',
    );
    expect(kept.rows).toEqual(counted.rows);
  }

  const STEPS: readonly (keyof ProjectionTransaction | 'commit')[] = [
    'advance',
    'lockTracks',
    'saveTracks',
    'savePlaylists',
    'addPlaylistTracks',
    'saveRunTracks',
    'addLetters',
    'addToRuns',
    'publish',
    'commit',
  ];

  test.each(STEPS)(
    'killed before %s and started again, the rows, the feed and the letters are those of one pass',
    async (step) => {
      const log = aSmallRun();
      log.append('tracks.raw', Buffer.from('not json'));
      await serveAll(log, model.ports);
      const expected = await everyRow(model.pool);
      const feed = await feedOf();
      await emptyReadModel(model.pool);
      const writer = aWriter();
      const ports = { ...model.ports, openWriter: writer.open };
      const dying = { ...ports, projection: killedBefore(model.projection, step) };
      await expect(serveAll(log, dying)).rejects.toThrow(`killed before ${step}`);
      await serveAll(log, ports);
      expect(await everyRow(model.pool)).toEqual(expected);
      expect(await feedOf()).toEqual(feed);
      expect(writer.written).toHaveLength(1);
    },
  );

  const feedOf = async () => (await model.pool.query('select type, body from linernotes.feed order by seq')).rows;

  test('a zombie writes nothing: no row, no checkpoint, no feed, no letter', async () => {
    const log = aSmallRun();
    const zombie = assignmentOf(log, 'tracks.raw', 0, 2);
    let taken = 0;
    const stolen = {
      ...zombie,
      from(offset: number | null) {
        const feed = zombie.from(offset);
        return {
          ...feed,
          async take(max: number, lingerMs: number) {
            taken += 1;
            if (taken === 2) await model.projection.take({ topic: 'tracks.raw', partition: 0 });
            return feed.take(max, lingerMs);
          },
        };
      },
    };
    expect(await servePartition(stolen, model.ports)).toBe('again');
    expect((await model.pool.query('select track_id from tracks order by 1')).rows).toEqual([
      { track_id: trackId(1) },
      { track_id: trackId(2) },
    ]);
    const { rows } = await model.pool.query('select epoch, next_offset from linernotes.checkpoints');
    expect(rows).toEqual([{ epoch: 2, next_offset: 2 }]);
    expect(model.notices.at(-1)).toEqual({ kind: 'fenced', partition: { topic: 'tracks.raw', partition: 0 } });
  });

  test('it goes on from its own checkpoint, and a second pass over the same log writes nothing', async () => {
    const log = aSmallRun();
    await serveAll(log, model.ports);
    const before = await feedOf();
    await serveAll(log, model.ports);
    expect(await feedOf()).toEqual(before);
    expect((await model.pool.query('select distinct epoch from linernotes.checkpoints')).rows).toEqual([{ epoch: 2 }]);
  });
});

describe('records it cannot take', () => {
  test('unreadable ones go to the dead letters of the projector once, with bytes and reason, and hold nothing up', async () => {
    const log = aLog();
    log.append('tracks.raw', Buffer.from('not json'), { headers: { 'run-id': 'run-1' } });
    log.append('tracks.raw', aRawTrack({ track: 'no track' }));
    log.append('tracks.raw', { ...aRawTrack(), artists: 'x' });
    log.append('tracks.raw', aRawTrack({ track: trackId(1) }));
    log.append('tracks.spotify.dlq', 'x', { headers: { 'dl-error': 'TIMEOUT' } });
    await serveAll(log, model.ports);
    expect(model.writer.written.map(({ headers }) => headers['dl-error'])).toEqual([
      'UNDECODABLE',
      'NO_TRACK_ID',
      'INVALID_EVENT',
      'INVALID_EVENT',
    ]);
    expect(model.writer.written[0]).toEqual({
      topic: 'tracks.projector.dlq',
      partition: 0,
      key: null,
      value: Buffer.from('not json'),
      headers: {
        'run-id': 'run-1',
        'dl-id': 'tracks.projector:tracks.raw:0:0',
        'dl-group': 'tracks.projector',
        'dl-phase': 'projector',
        'dl-origin-topic': 'tracks.raw',
        'dl-origin-partition': '0',
        'dl-origin-offset': '0',
        'dl-origin-timestamp': new Date(AT).toISOString(),
        'dl-class': 'decode',
        'dl-error': 'UNDECODABLE',
        'dl-error-message': 'no JSON',
        'dl-forwarded': 'false',
      },
    });
    expect((await model.pool.query('select track_id from tracks')).rows).toEqual([{ track_id: trackId(1) }]);
  });

  test('one that the database refuses is found by halving; all around it are applied', async () => {
    const log = aLog();
    for (let n = 1; n <= 7; n += 1) log.append('tracks.raw', aRawTrack({ track: trackId(n) }));
    // No index takes a key of this size, and random characters do not compress.
    const endless = Array.from({ length: 9000 }, (_, n) => String.fromCodePoint(0x4e00 + ((n * 7919) % 20_000))).join(
      '',
    );
    log.append('tracks.raw', aRawTrack({ track: trackId(8), runId: endless }));
    log.append('tracks.raw', Buffer.from('not json'));
    log.append('tracks.raw', aRawTrack({ track: trackId(9) }));
    await serveAll(log, model.ports);
    expect((await model.pool.query('select count(*) as n from tracks')).rows).toEqual([{ n: 8 }]);
    expect(model.writer.written.map(({ headers }) => [headers['dl-origin-offset'], headers['dl-error']])).toEqual([
      ['7', 'BUG'],
      ['8', 'UNDECODABLE'],
    ]);
    expect((await model.pool.query('select next_offset from linernotes.checkpoints')).rows).toEqual([
      { next_offset: 10 },
    ]);
  });

  test('a lost Kafka commit is tried with a new writer, and a letter that is there already is not written again', async () => {
    const log = aLog();
    log.append('tracks.raw', Buffer.from('not json'));
    const writer = aWriter(['lost']);
    await serveAll(log, { ...model.ports, openWriter: writer.open });
    expect(writer.written).toHaveLength(1);
    await emptyReadModel(model.pool);
    await serveAll(log, { ...model.ports, openWriter: writer.open });
    expect(writer.written).toHaveLength(1);
  });
});

test('F6 broadcast channel: the feed has every change, in order, and its sequence is the order of commits', async () => {
  await serveAll(aSmallRun(), model.ports, 1);
  const { rows } = await model.pool.query('select seq, type, body from linernotes.feed order by seq');
  expect(new Set(rows.map(({ type }) => type))).toEqual(new Set(['track', 'playlist', 'letter', 'run']));
  const last = rows.findLast(({ type, body }) => type === 'track' && body.trackId === trackId(1));
  expect(last.body).toMatchObject({
    name: 'Track 1',
    status: 'complete',
    phases: {
      spotify: 'enriched',
      credits: 'enriched',
      publishing: 'enriched',
      links: 'enriched',
      analytics: 'enriched',
    },
    runIds: ['run-1'],
  });
  expect(last.body).not.toHaveProperty('state');
  const run = rows.findLast(({ type }) => type === 'run');
  expect(run.body).toMatchObject({ runId: 'run-1', accepted: 4, complete: 2, phases: { spotify: { enriched: 3 } } });
});
