import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { memoryBroker } from '#adapters/memory/broker.ts';
import { storeEntries } from '#adapters/postgres/ledger-entries.ts';
import { followWithdrawn } from '#adapters/postgres/withdrawn.ts';
import { withdrawalsOn } from '#app/withdraw/withdrawals.ts';
import { planLines, withdrawnLines } from '#app/withdraw/words.ts';
import { withdrawalPlan, withdrawnTrack } from '#feed/schemas/withdrawal.ts';
import { ok } from '#stream/result.ts';
import { aFeed, aFeedClient } from '#test/support/feed.ts';
import { aLog, serveAll } from '#test/support/read-model.ts';
import { AT, aRawTrack, trackId } from '#test/support/tracks.ts';
import { OPERATIONS_TOPIC } from '#track/topology.ts';

const [GONE, TWIN, OTHER] = [trackId(1), trackId(2), trackId(3)];
const ISRC = 'ZZLNX2600001';

const broker = memoryBroker({ now: () => AT });
broker.createTopic(OPERATIONS_TOPIC, 1);
const client = broker.connect();
const log = aLog();
let feed: Awaited<ReturnType<typeof aFeed>>;
let withdrawals: ReturnType<typeof withdrawalsOn>;

/** What stands in the broker's log of operations goes on to the projector. */
async function projected(): Promise<void> {
  const known = log.records.filter(({ topic }) => topic === OPERATIONS_TOPIC).length;
  for (const { value } of broker.records(OPERATIONS_TOPIC).slice(known)) log.append(OPERATIONS_TOPIC, value);
  await serveAll(log, feed.model.ports);
}

beforeAll(async () => {
  feed = await aFeed({
    withdrawals: {
      of: (id) => withdrawals.of(id),
      plan: (id) => withdrawals.plan(id),
      withdraw: (id, how) => withdrawals.withdraw(id, how),
    },
  });
  const { pool } = feed.model;
  withdrawals = withdrawalsOn({
    pool,
    broker: {
      ...client,
      // The projector comes to it at once.
      produce: async (records: Parameters<typeof broker.produce>[0]) => {
        broker.produce(records);
        setTimeout(() => void projected(), 0);
      },
    } as never,
    codec: { encode: async (_: string, value: unknown) => ok(Buffer.from(JSON.stringify(value))) } as never,
    clock: async () => AT,
  });
  const playlist = {
    id: 'summer',
    name: 'Summer',
    snapshotId: 's1',
    positions: [1],
    url: null,
    curator: null,
    isEditorial: null,
  };
  for (const track of [GONE, TWIN])
    log.append(
      'tracks.raw',
      aRawTrack({ track, name: `Name of ${track}`, artists: ['Somebody'], isrc: ISRC, playlist }),
    );
  log.append('tracks.raw', aRawTrack({ track: OTHER }));
  await serveAll(log, feed.model.ports);
  const kept = [
    ['spotify', 'track', GONE],
    ['mlc', 'recordings', ISRC],
  ] as const;
  await storeEntries(
    pool,
    kept.map(([provider, kind, key]) => ({
      provider,
      kind,
      key,
      outcome: 'not_found',
      body: null,
      fetchedAt: AT,
      profile: '',
    })),
  );
});
afterAll(() => feed.close());

const order = (id: string, body: object) =>
  feed.get(`/v1/tracks/${id}/withdraw`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

describe('withdrawing a track', () => {
  test('needs a reason and a track', async () => {
    expect(await order(GONE, { by: 'ada' })).toMatchObject({ status: 400 });
    expect(await order('no-track', { reason: 'why' })).toMatchObject({ status: 400 });
    expect(broker.records(OPERATIONS_TOPIC)).toEqual([]);
  });

  test('is planned: what is erased, what stays, and nothing is done', async () => {
    const { status, body } = await order(GONE, { reason: 'why', dryRun: true });
    expect(status).toBe(200);
    const plan = withdrawalPlan.strict().parse(body);
    expect(plan).toEqual({
      trackId: GONE,
      name: `Name of ${GONE}`,
      artists: ['Somebody'],
      sightings: 1,
      feedEntries: 1,
      letters: 0,
      answers: { spotify: 1 },
      shared: { answers: 1, tracks: 1 },
      withdrawn: null,
    });
    expect(planLines(plan).join('\n')).toContain('1 answer about its recording, for 1 other track with its ISRC');
    expect(await feed.get(`/v1/tracks/${GONE}`)).toMatchObject({ status: 200 });
    const unseen = (await order(trackId(99), { reason: 'why', dryRun: true })).body;
    expect(unseen).toMatchObject({ name: null, sightings: 0, answers: {}, shared: { answers: 0, tracks: 0 } });
  });

  test('is heard by workers that run, by clients of the feed, and stands in the audit', async () => {
    const heard: string[] = [];
    const following = await followWithdrawn(feed.model.pool, (id) => heard.push(id));
    const viewer = await aFeedClient(feed.url);
    const { status, body } = await order(GONE, { reason: 'asked to', by: 'ada' });
    expect(status).toBe(202);
    const at = new Date(AT).toISOString();
    expect(withdrawnTrack.strict().parse(body)).toEqual({
      trackId: GONE,
      by: 'ada',
      at,
      reason: 'asked to',
      erased: true,
    });
    await viewer.until((received) => received.some(({ type, data }) => type === 'withdrawn' && data?.trackId === GONE));
    await expect.poll(() => heard, { timeout: 10_000 }).toEqual([GONE]);
    await following.close();
    viewer.socket.close();
    const late: string[] = [];
    await (await followWithdrawn(feed.model.pool, (id) => late.push(id))).close();
    expect(late).toEqual([GONE]);
    expect((await feed.get('/v1/operations?kind=withdraw')).body).toMatchObject({
      items: [{ by: 'ada', target: GONE, reason: 'asked to', at }],
    });
  });

  test('leaves nothing to ask of it but that it was withdrawn', async () => {
    const gone = { status: 410, body: { error: { code: 'GONE', message: expect.stringContaining('ada') } } };
    expect(await feed.get(`/v1/tracks/${GONE}`)).toMatchObject(gone);
    expect(await feed.get(`/v1/tracks/${GONE}?at=2026-01-02T03:04:05Z`)).toMatchObject(gone);
    expect(await feed.get(`/v1/tracks/${encodeURIComponent(`spotify:track:${GONE}`)}/timeline`)).toMatchObject(gone);
    const { items } = (await feed.get('/v1/tracks')).body;
    expect(items.map((item) => item.trackId).toSorted()).toEqual([TWIN, OTHER]);
    expect(await feed.get(`/v1/tracks/${TWIN}`)).toMatchObject({ status: 200 });
  });

  test('once more changes nothing', async () => {
    expect(await order(GONE, { reason: 'again', by: 'bob' })).toMatchObject({ status: 202, body: { by: 'ada' } });
    expect(broker.records(OPERATIONS_TOPIC)).toHaveLength(1);
  });
});

describe('a withdrawal whose process dies', () => {
  const dying = (over: object) =>
    withdrawalsOn({
      pool: feed.model.pool,
      broker: client,
      codec: { encode: async (_: string, value: unknown) => ok(Buffer.from(JSON.stringify(value))) },
      clock: async () => AT,
      ...over,
    } as never);

  test('before the operation stands in the log is none', async () => {
    const broken = { ...client, produce: () => Promise.reject(new Error('killed')) };
    await expect(dying({ broker: broken }).withdraw(OTHER, { by: 'ada', reason: 'why' })).rejects.toThrow('killed');
    expect(await withdrawals.of(OTHER)).toBeNull();
  });

  test('right after it is one, once the projector comes to it', async () => {
    const pool = new Proxy(feed.model.pool, {
      get: (target, name) =>
        name === 'query'
          ? (...given: unknown[]) =>
              String(given[0]).includes('insert into linernotes.withdrawn')
                ? Promise.reject(new Error('killed'))
                : Reflect.apply(target.query, target, given)
          : Reflect.get(target, name),
    });
    const produce = async (records: Parameters<typeof broker.produce>[0]) => broker.produce(records);
    const broken = dying({ pool, broker: { ...client, produce } });
    await expect(broken.withdraw(OTHER, { by: 'ada', reason: 'why' })).rejects.toThrow('killed');
    expect(await withdrawals.of(OTHER)).toBeNull();
    await projected();
    expect(await withdrawals.of(OTHER)).toMatchObject({ by: 'ada', erased: true });
  });

  test('before the projector comes to it tells so', async () => {
    await feed.model.pool.query(`insert into linernotes.withdrawn (track_id, by, at) values ($1, 'ada', now())`, [
      trackId(50),
    ]);
    const withdrawn = await withdrawals.of(trackId(50));
    expect(withdrawn).toMatchObject({ erased: false, reason: null });
    expect(withdrawn === null ? [] : withdrawnLines(withdrawn)).toEqual([
      expect.stringContaining('The projector has not come to it yet'),
    ]);
  });
});
