import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { storeEntries } from '#adapters/postgres/ledger-entries.ts';
import { operationAt } from '#app/operations/append.ts';
import { servePartition } from '#projector/partition.ts';
import {
  aLog,
  aReadModel,
  assignmentOf,
  emptyReadModel,
  everyRow,
  killedBefore,
  type Log,
  serveAll,
} from '#test/support/read-model.ts';
import { AT, aRawTrack, aTrackEvent, trackId } from '#test/support/tracks.ts';
import type { RawTrack } from '#track/raw.ts';
import { OPERATIONS_TOPIC } from '#track/topology.ts';

let model: Awaited<ReturnType<typeof aReadModel>>;

beforeAll(async () => {
  model = await aReadModel();
});
beforeEach(async () => {
  await emptyReadModel(model.pool);
  await model.pool.query('truncate linernotes.ledger, linernotes.contract');
});
afterAll(() => model.close());

const [GONE, OTHER] = [trackId(1), trackId(2)];
const [ISRC, OWN_ISRC] = ['ZZLNX2600001', 'ZZLNX2600002'];

const seen = (track: string, over: Partial<RawTrack> = {}): RawTrack =>
  aRawTrack({
    track,
    name: `Name of ${track}`,
    isrc: ISRC,
    runTotal: 2,
    playlist: {
      id: 'summer',
      name: 'Summer',
      snapshotId: 's1',
      positions: [1],
      url: null,
      curator: null,
      isEditorial: null,
    },
    ...over,
  });

const withdrawal = (over: object = {}) => ({
  ...operationAt({ id: 'w', kind: 'withdraw', by: 'ada', target: GONE, reason: 'asked to' }, AT + 9000),
  ...over,
});

const letterOf = (track: string) => ({
  headers: {
    'dl-id': `letter-of-${track}`,
    'dl-origin-topic': 'tracks.spotify-enriched',
    'dl-origin-partition': '0',
    'dl-origin-offset': '7',
    'dl-error': 'UNPARSEABLE',
    'dl-error-message': `an answer about Name of ${track}`,
    'dl-forwarded': 'true',
    'run-id': 'run-1',
    ce_subject: track,
  },
});

/** Both tracks come in, fail at credits, and are complete. */
function twoTracks(log: Log = aLog()): Log {
  for (const track of [GONE, OTHER]) {
    log.append('tracks.raw', seen(track));
    log.append('tracks.credits.dlq', 'x', letterOf(track));
    log.append('tracks.complete', aTrackEvent({}, seen(track)));
  }
  return log;
}

const stored = async (...answers: readonly (readonly [provider: string, kind: string, key: string])[]) =>
  storeEntries(
    model.pool,
    answers.map(([provider, kind, key]) => ({
      provider,
      kind,
      key,
      outcome: 'found',
      body: { about: key },
      fetchedAt: AT,
      profile: '',
    })),
  );

const answersLeft = async () =>
  (await model.pool.query('select provider, kind, key from linernotes.ledger order by 1, 2, 3')).rows.map(
    ({ provider, kind, key }) => `${provider} ${kind} ${key}`,
  );

const noted = async () =>
  (await model.pool.query('select track_id, by, reason, position from linernotes.withdrawn')).rows;

/** Everything in the database in which the track could still be told of. */
const told = async () => {
  const { runs: _, run_phases: __, run_tracks: ___, operations: ____, ...rows } = await everyRow(model.pool);
  const { rows: letters } = await model.pool.query(`select message from dead_letters where track_id = $1`, [GONE]);
  const { rows: feed } = await model.pool.query('select type, body from linernotes.feed order by seq');
  return { rows, letters, feed };
};

describe('a withdrawn track', () => {
  test('is erased from rows, playlists, feed and letters; of others nothing is', async () => {
    const log = twoTracks();
    log.append(OPERATIONS_TOPIC, withdrawal());
    await serveAll(log, model.ports);
    const { rows, letters, feed } = await told();
    expect(rows['tracks']).toMatchObject([{ track_id: OTHER }]);
    expect(rows['playlist_tracks']).toMatchObject([{ track_id: OTHER }]);
    expect(letters).toEqual([{ message: '' }]);
    expect(JSON.stringify(feed)).not.toContain(`Name of ${GONE}`);
    expect(JSON.stringify(feed)).toContain(`Name of ${OTHER}`);
    const ofIt = feed.filter(({ body }) => body.trackId === GONE);
    expect(new Set(ofIt.map((entry) => JSON.stringify(entry)))).toEqual(
      new Set([JSON.stringify({ type: 'withdrawn', body: { trackId: GONE } })]),
    );
    expect(feed.at(-1)).toEqual({ type: 'withdrawn', body: { trackId: GONE } });
    expect(await noted()).toEqual([{ track_id: GONE, by: 'ada', reason: 'asked to', position: 0 }]);
  });

  test('leaves its letters as withdrawn, which no redrive takes, and its runs as they were', async () => {
    const log = twoTracks();
    await serveAll(log, model.ports);
    const before = (await everyRow(model.pool))['runs'];
    log.append(OPERATIONS_TOPIC, withdrawal());
    await serveAll(log, model.ports);
    const { rows } = await model.pool.query(
      'select track_id, state, state_by, state_reason from dead_letters order by track_id',
    );
    expect(rows).toEqual([
      { track_id: GONE, state: 'withdrawn', state_by: 'ada', state_reason: 'asked to' },
      { track_id: OTHER, state: 'open', state_by: null, state_reason: null },
    ]);
    expect((await everyRow(model.pool))['runs']).toEqual(before);
    expect(before).toMatchObject([{ accepted: 2, complete: 2, finished: true, letters: 2 }]);
  });

  test('takes its own answers out of the ledger; those by ISRC stay while another track has it', async () => {
    await stored(
      ['spotify', 'track', GONE],
      ['spotify', 'track', OTHER],
      ['web-player', 'credits', GONE],
      ['mlc', 'recordings', ISRC],
      ['chartmetric', 'id-by-isrc', ISRC],
      ['musicbrainz', 'artists-by-name', 'somebody'],
    );
    const log = twoTracks();
    log.append(OPERATIONS_TOPIC, withdrawal());
    await serveAll(log, model.ports);
    expect(await answersLeft()).toEqual([
      `chartmetric id-by-isrc ${ISRC}`,
      `mlc recordings ${ISRC}`,
      'musicbrainz artists-by-name somebody',
      `spotify track ${OTHER}`,
    ]);
    log.append(OPERATIONS_TOPIC, withdrawal({ id: 'w2', target: OTHER }));
    await serveAll(log, model.ports);
    expect(await answersLeft()).toEqual(['musicbrainz artists-by-name somebody']);
  });

  test('is looked for in the samples of answers that were not as agreed', async () => {
    const sample = `{"id":"${GONE}","name":"x"}`;
    await model.pool.query(
      `insert into linernotes.contract (day, provider, kind, field, count, problem, sample, last_at)
       values (current_date, 'spotify', 'track', 'a', 1, 'p', $1, now()), (current_date, 'spotify', 'track', 'b', 1, 'p', 'y', now())`,
      [sample],
    );
    const log = aLog();
    log.append(OPERATIONS_TOPIC, withdrawal());
    await serveAll(log, model.ports);
    const { rows } = await model.pool.query('select sample from linernotes.contract order by field');
    expect(rows).toEqual([{ sample: '' }, { sample: 'y' }]);
  });

  test('that comes late makes no row, takes along what was answered meanwhile, and its run finishes', async () => {
    const log = aLog();
    log.append(OPERATIONS_TOPIC, withdrawal());
    await serveAll(log, model.ports);
    await stored(['chartmetric', 'id-by-isrc', OWN_ISRC], ['musicbrainz', 'recordings-by-isrc', OWN_ISRC]);
    log.append('tracks.complete', aTrackEvent({}, seen(GONE, { isrc: OWN_ISRC })));
    twoTracks(log);
    await model.pool.query(`delete from linernotes.feed`);
    await serveAll(log, model.ports);
    const { rows, letters, feed } = await told();
    expect(rows['tracks']).toMatchObject([{ track_id: OTHER }]);
    expect(rows['playlist_tracks']).toMatchObject([{ track_id: OTHER }]);
    expect(letters).toEqual([{ message: '' }]);
    expect(JSON.stringify(feed)).not.toContain(`Name of ${GONE}`);
    expect((await everyRow(model.pool))['runs']).toMatchObject([{ accepted: 2, complete: 2, finished: true }]);
    expect(await answersLeft()).toEqual([]);
  });

  test('gets no answer into the ledger any more by the page of another, which knows the counts of its album', async () => {
    const log = aLog();
    log.append(OPERATIONS_TOPIC, withdrawal());
    await serveAll(log, model.ports);
    await stored(['web-player', 'streams', GONE], ['web-player', 'streams', OTHER]);
    expect(await answersLeft()).toEqual([`web-player streams ${OTHER}`]);
  });

  test('is erased from retired read models too, whatever their layout', async () => {
    const log = twoTracks();
    await serveAll(log, model.ports);
    await model.pool.query(`
      insert into linernotes.read_models (name, state) values ('read_v1', 'retired'), ('read_v2', 'retired');
      create schema read_v1;
      create table read_v1.tracks as select track_id, name from tracks;
      create table read_v1.dead_letters as select track_id, message from dead_letters;
      create schema read_v2;
      create table read_v2.tracks (id text);
      create table read_v2.dead_letters as select track_id from dead_letters`);
    log.append(OPERATIONS_TOPIC, withdrawal());
    await serveAll(log, model.ports);
    const { rows } = await model.pool.query(
      `select (select array_agg(track_id) from read_v1.tracks) as tracks,
        (select array_agg(message order by track_id) from read_v1.dead_letters) as messages`,
    );
    expect(rows).toEqual([{ tracks: [OTHER], messages: ['', `an answer about Name of ${OTHER}`] }]);
    await model.pool.query(`
      drop schema read_v1, read_v2 cascade; delete from linernotes.read_models where state = 'retired'`);
  });

  test('that a command has noted makes no row before the operation is applied, which then counts', async () => {
    await model.pool.query(`insert into linernotes.withdrawn (track_id, by, at) values ($1, 'bob', now())`, [GONE]);
    const log = twoTracks();
    await serveAll(log, model.ports);
    expect((await told()).rows['tracks']).toMatchObject([{ track_id: OTHER }]);
    log.append(OPERATIONS_TOPIC, withdrawal());
    log.append(OPERATIONS_TOPIC, withdrawal({ id: 'w2', by: 'eve' }));
    await serveAll(log, model.ports);
    expect(await noted()).toEqual([{ track_id: GONE, by: 'ada', reason: 'asked to', position: 0 }]);
  });

  test('by an operation that names no track withdraws nothing', async () => {
    const log = twoTracks();
    log.append(OPERATIONS_TOPIC, withdrawal({ target: 'no track' }));
    await serveAll(log, model.ports);
    expect((await told()).rows['tracks']).toHaveLength(2);
    expect(await noted()).toEqual([]);
  });

  test('ends in the same rows, wherever the withdrawal stands among its records', async () => {
    const log = twoTracks();
    log.append(OPERATIONS_TOPIC, withdrawal());
    await serveAll(log, model.ports);
    const { operations: _, ...expected } = await everyRow(model.pool);
    const topics = ['tracks.raw', 'tracks.credits.dlq', 'tracks.complete', OPERATIONS_TOPIC];
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray(topics, { minLength: 4 }),
        fc.integer({ min: 1, max: 3 }),
        async (order, max) => {
          await emptyReadModel(model.pool);
          for (const topic of order) await servePartition(assignmentOf(log, topic, 0, max), model.ports);
          const { operations: __, ...rows } = await everyRow(model.pool);
          expect(rows).toEqual(expected);
        },
      ),
      { numRuns: 15 },
    );
  });

  test('gets no row from a batch of its own events that runs at the same moment', async () => {
    for (let round = 0; round < 15; round += 1) {
      await emptyReadModel(model.pool);
      const log = twoTracks();
      log.append(OPERATIONS_TOPIC, withdrawal());
      const topics = ['tracks.raw', 'tracks.complete', OPERATIONS_TOPIC];
      await Promise.all(topics.map((topic) => servePartition(assignmentOf(log, topic, 0), model.ports)));
      expect((await told()).rows['tracks']).toMatchObject([{ track_id: OTHER }]);
      expect(JSON.stringify((await told()).feed)).not.toContain(`Name of ${GONE}`);
    }
  });

  test.each(['withdraw', 'withdrawn', 'erase', 'addOperations', 'publish', 'commit'] as const)(
    'is withdrawn or not at all when the projector is killed before %s',
    async (step) => {
      const log = twoTracks();
      await serveAll(log, model.ports);
      await stored(['spotify', 'track', GONE]);
      const before = [await everyRow(model.pool), await noted(), await answersLeft(), (await told()).feed];
      log.append(OPERATIONS_TOPIC, withdrawal());
      const operations = assignmentOf(log, OPERATIONS_TOPIC, 0);
      const dying = { ...model.ports, projection: killedBefore(model.projection, step) };
      await expect(servePartition(operations, dying)).rejects.toThrow(`killed before ${step}`);
      expect([await everyRow(model.pool), await noted(), await answersLeft(), (await told()).feed]).toEqual(before);
      await serveAll(log, model.ports);
      expect((await told()).rows['tracks']).toMatchObject([{ track_id: OTHER }]);
      expect(await answersLeft()).toEqual([]);
    },
  );
});
