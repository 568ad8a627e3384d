import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type MemoryBroker, memoryBroker } from '#adapters/memory/broker.ts';
import { openPool } from '#adapters/postgres/pool.ts';
import { memoryCodec } from '#adapters/registry/memory-codec.ts';
import { operationAt } from '#app/operations/append.ts';
import { type RebuildNeeds, type RebuildOrder, rebuild } from '#app/rebuild/rebuild.ts';
import { type Projector, runProjector } from '#projector/projector.ts';
import { PROJECTED_TOPICS } from '#projector/sources.ts';
import { aReadModel } from '#test/support/read-model.ts';
import { AT, aRawTrack, aTrackEvent, trackId } from '#test/support/tracks.ts';
import { within } from '#test/support/within.ts';
import { PHASES } from '#track/phase.ts';
import { OPERATIONS_TOPIC, TOPOLOGY } from '#track/topology.ts';

// The projector runs on a broker in memory all the while; the database is real.

const PARTITIONS = 3;
const codec = memoryCodec();

let broker: MemoryBroker;
let model: Awaited<ReturnType<typeof aReadModel>>;
let projector: Projector;
let needs: RebuildNeeds;
let own: ReturnType<typeof openPool>;

beforeEach(async () => {
  broker = memoryBroker({ now: () => AT });
  for (const topic of [...PROJECTED_TOPICS, 'tracks.projector.dlq'])
    broker.createTopic(topic, topic === OPERATIONS_TOPIC ? 1 : PARTITIONS);
  model = await aReadModel();
  const client = broker.connect();
  projector = await runProjector({
    subscribe: client.subscribe,
    openWriter: client.openWriter,
    range: client.range,
    decode: codec.decode,
    projection: model.projection,
    notice: (notice) => model.notices.push(notice),
  });
  own = openPool({ url: model.url, max: 10, name: 'rebuild', onLost: () => undefined });
  needs = {
    pool: own,
    reader: broker.reader,
    decode: codec.decode,
    forgotten: async () => [],
    say: () => undefined,
    progress: () => undefined,
    signal: new AbortController().signal,
  };
  await arrive(1, 9);
});
afterEach(async () => {
  await projector.drain(5000);
  await own.end();
  await model.close();
});

const anOrder = (over: Partial<RebuildOrder> = {}): RebuildOrder => ({
  verifyOnly: false,
  keepOld: false,
  goOn: false,
  allowLostHistory: false,
  allowDifferences: false,
  ...over,
});

async function produce(topic: string, key: string, value: unknown) {
  const encoded = await codec.encode(topic, value);
  if (!encoded.ok) throw new Error(encoded.failure.message);
  broker.produce([{ topic, partition: null, key: Buffer.from(key), value: encoded.value, headers: {} }]);
}

const answerOf = async (text: string) => (await model.pool.query(text)).rows;

const becomes = (text: string, wanted: unknown) =>
  within(
    async () => JSON.stringify(await answerOf(text)) === JSON.stringify(wanted),
    20_000,
    () => `${text} to be ${JSON.stringify(wanted)}`,
  );

const complete = async () =>
  Number((await answerOf(`select count(*) as n from tracks where status = 'complete'`))[0].n);

/** Brings tracks all the way through the chain, and waits for their rows. */
async function arrive(from: number, to: number) {
  for (let n = from; n <= to; n += 1) {
    const raw = aRawTrack({ track: trackId(n), runId: `run-${n % 3}` });
    await produce('tracks.raw', trackId(n), raw);
    for (const phase of PHASES) await produce(TOPOLOGY[phase].to, trackId(n), aTrackEvent({}, raw));
  }
  // Something that nobody can read: the live projector sets it aside, and nobody else does.
  broker.produce([{ topic: 'tracks.raw', partition: 0, key: null, value: Buffer.from('junk'), headers: {} }]);
  await within(
    async () => (await complete()) === to,
    20_000,
    () => `${to} complete tracks`,
  );
}

const models = () => answerOf('select name, state from linernotes.read_models order by name');
const schemas = () => answerOf(`select nspname as name from pg_namespace where nspname like 'read\\_v%' order by 1`);
const feedEnd = async () => (await answerOf('select max(seq) as seq from linernotes.feed'))[0].seq;
const marks = () => answerOf('select track_id from linernotes.latest_outbox');
const everything = (schema: string) =>
  Promise.all(
    ['tracks', 'playlist_tracks', 'runs', 'run_tracks', 'dead_letters', 'operations'].map((table) =>
      answerOf(`select * from ${schema}.${table} order by 1, 2, 3`),
    ),
  );

describe('a rebuild', () => {
  test('makes a model that says the same live, tells nobody, drops the old one, and the running projector goes on with it', async () => {
    const before = await everything('read_v5');
    const feed = await feedEnd();
    const letters = broker.records('tracks.projector.dlq').length;
    await model.pool.query('truncate linernotes.latest_outbox');
    const done = await rebuild(anOrder(), needs);
    expect(done).toMatchObject({ live: 'read_v5', rebuilt: 'read_v5_2', right: true, swapped: true, wrongRuns: [] });
    expect(await models()).toEqual([{ name: 'read_v5_2', state: 'live' }]);
    expect(await schemas()).toEqual([{ name: 'read_v5_2' }]);
    expect(await everything('read_v5_2')).toEqual(before);
    expect([await feedEnd(), await marks(), broker.records('tracks.projector.dlq').length]).toEqual([
      feed,
      [],
      letters,
    ]);
    await arrive(10, 15);
    expect(await answerOf('select sum(accepted)::int as n from runs')).toEqual([{ n: 15 }]);
    const next = await rebuild(anOrder({ verifyOnly: true }), needs);
    expect(next).toMatchObject({ right: true, swapped: false });
    expect(await schemas()).toEqual([{ name: 'read_v5_2' }]);
  });

  test('beside a projector that applies more all the while loses nothing and counts nothing twice', async () => {
    const rebuilding = rebuild(anOrder(), needs);
    await arrive(10, 40);
    expect(await rebuilding).toMatchObject({ right: true, swapped: true });
    await becomes('select sum(accepted)::int as n from runs', [{ n: 40 }]);
    expect(await rebuild(anOrder({ verifyOnly: true }), needs)).toMatchObject({ right: true });
  });

  test('skips withdrawn tracks', async () => {
    const withdraw = operationAt({ kind: 'withdraw', by: 'ada', target: trackId(1), reason: 'asked' }, AT);
    await produce(OPERATIONS_TOPIC, trackId(1), withdraw);
    await becomes('select count(*)::int as n from tracks', [{ n: 8 }]);
    expect(await rebuild(anOrder(), needs)).toMatchObject({ right: true, swapped: true });
    expect(await answerOf(`select from tracks where track_id = '${trackId(1)}'`)).toEqual([]);
  });
});

describe('a rebuild that is killed', () => {
  test.each([false, true])('leaves the live model as it was; another takes over (going on: %s)', async (goOn) => {
    const before = await everything('read_v5');
    let decoded = 0;
    const dying: RebuildNeeds = {
      ...needs,
      decode: (...asked) => {
        decoded += 1;
        if (decoded > 30) throw new Error('killed');
        return codec.decode(...asked);
      },
    };
    await expect(rebuild(anOrder(), dying)).rejects.toThrow('killed');
    expect(await models()).toEqual([
      { name: 'read_v5', state: 'live' },
      { name: 'read_v5_2', state: 'building' },
    ]);
    expect(await everything('read_v5')).toEqual(before);
    let again = 0;
    const counting: RebuildNeeds = {
      ...needs,
      decode: (...asked) => {
        again += 1;
        return codec.decode(...asked);
      },
    };
    expect(await rebuild(anOrder({ goOn }), counting)).toMatchObject({ right: true, swapped: true });
    expect(again < 55).toBe(goOn);
    expect((await models()).map(({ state }) => state)).toEqual(['live']);
    expect(await everything((await models())[0].name)).toEqual(before);
  });

  test('while the live projector stands still lets it go on', async () => {
    const stopped = new AbortController();
    const dying: RebuildNeeds = {
      ...needs,
      signal: stopped.signal,
      say: (line) => {
        if (line.startsWith('comparing')) stopped.abort(new Error('stopped'));
      },
    };
    await expect(rebuild(anOrder(), dying)).rejects.toThrow('stopped');
    await arrive(10, 12);
    expect((await models())[0]).toEqual({ name: 'read_v5', state: 'live' });
  });
});

describe('a rebuild is refused', () => {
  test('when the live model is not what the log says, with names; allowed it replaces it and tells tracks.latest', async () => {
    await model.pool.query(
      `update read_v5.tracks set state = jsonb_set(state, '{reached}', '1') where track_id = '${trackId(3)}'`,
    );
    await model.pool.query('truncate linernotes.latest_outbox');
    const refused = await rebuild(anOrder(), needs);
    expect(refused).toMatchObject({ right: false, swapped: false });
    expect('tables' in refused && refused.tables[0]).toEqual({
      table: 'tracks',
      rebuilt: 9,
      live: 9,
      different: 1,
      sample: [trackId(3)],
    });
    expect((await models()).map(({ state }) => state)).toEqual(['live', 'building']);
    const done = await rebuild(anOrder({ goOn: true, allowDifferences: true }), needs);
    expect(done).toMatchObject({ right: false, swapped: true, rebuilt: 'read_v5_2' });
    expect(await marks()).toEqual([{ track_id: trackId(3) }]);
    expect(
      await answerOf(`select state ->> 'reached' as reached from read_v5_2.tracks where track_id = '${trackId(3)}'`),
    ).toEqual([{ reached: '5' }]);
  });

  test('when the log has forgotten its beginning, unless that is allowed', async () => {
    const forgetful: RebuildNeeds = { ...needs, forgotten: async () => [{ topic: 'tracks.raw', from: { 0: 7 } }] };
    const refused = await rebuild(anOrder(), forgetful);
    expect('refused' in refused && refused.refused.join('\n')).toContain('tracks.raw: partition 0 from 7');
    expect(await models()).toHaveLength(1);
    expect(await rebuild(anOrder({ allowLostHistory: true }), forgetful)).toMatchObject({ swapped: true });
  });

  test('when another is under way', async () => {
    const both = await Promise.all([rebuild(anOrder(), needs), rebuild(anOrder(), needs)]);
    expect(both.filter((done) => 'refused' in done)).toEqual([{ refused: ['Another rebuild is under way.'] }]);
  });
});

test('the old model is kept when that is wanted, until the next rebuild', async () => {
  await rebuild(anOrder({ keepOld: true }), needs);
  expect(await models()).toEqual([
    { name: 'read_v5', state: 'retired' },
    { name: 'read_v5_2', state: 'live' },
  ]);
  await rebuild(anOrder(), needs);
  expect(await schemas()).toEqual([{ name: 'read_v5_3' }]);
});

test('a projector of a release with another layout writes nothing into the model of this one, and says so', async () => {
  await model.pool.query(`update linernotes.read_models set name = 'read_v1' where name = 'read_v5'`);
  await expect(model.projection.take({ topic: 'tracks.raw', partition: 0 })).rejects.toThrow('another release');
  await model.pool.query(`update linernotes.read_models set name = 'read_v5' where name = 'read_v1'`);
});
