import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type MemoryBroker, memoryBroker } from '#adapters/memory/broker.ts';
import { lockRedrives } from '#adapters/postgres/redrives.ts';
import { memoryCodec } from '#adapters/registry/memory-codec.ts';
import type { LetterMap } from '#app/letters/redrive/map.ts';
import type { RedriveOrder } from '#app/letters/redrive/order.ts';
import { everyLetter, redrive, redriveByItself } from '#app/letters/redrive/redrive.ts';
import type { RedriveConnections } from '#app/letters/redrive/topic.ts';
import { resolveLetters } from '#app/letters/resolve.ts';
import { type Projector, runProjector } from '#projector/projector.ts';
import { PROJECTED_TOPICS } from '#projector/sources.ts';
import type { OutgoingRecord } from '#stream/record.ts';
import { aReadModel } from '#test/support/read-model.ts';
import { AT, aTrackEvent, trackId } from '#test/support/tracks.ts';
import { within } from '#test/support/within.ts';
import { OPERATIONS_TOPIC } from '#track/topology.ts';

// Letters of the credits phase on a broker in memory; read model and projector are real.

const DLQ = 'tracks.credits.dlq';
const REPLAY = 'tracks.credits.replay';
const PARTITIONS = 3;
const codec = memoryCodec();

let broker: MemoryBroker;
let model: Awaited<ReturnType<typeof aReadModel>>;
let projector: Projector;
let connections: RedriveConnections;

beforeEach(async () => {
  broker = memoryBroker({ now: () => AT });
  for (const topic of [...PROJECTED_TOPICS, 'tracks.projector.dlq'])
    broker.createTopic(topic, topic === OPERATIONS_TOPIC ? 1 : PARTITIONS);
  model = await aReadModel();
  projector = await startProjector();
  const client = broker.connect();
  connections = {
    pool: model.pool,
    codec,
    clock: async () => AT + 1000,
    log: { warn: () => undefined },
    broker: { ...client, produce: async (records: readonly OutgoingRecord[]) => void broker.produce(records) },
  } as unknown as RedriveConnections;
});
afterEach(async () => {
  await projector.drain(5000);
  await model.close();
});

const startProjector = () => {
  const client = broker.connect();
  return runProjector({
    subscribe: client.subscribe,
    openWriter: client.openWriter,
    range: client.range,
    decode: codec.decode,
    projection: model.projection,
    notice: (notice) => model.notices.push(notice),
  });
};

/** Dead letters with a value each, the n-th on partition n % 3. */
async function letters(count: number, over: Readonly<Record<string, string>> = {}, from = 0) {
  for (let n = from; n < from + count; n += 1) {
    const value = await codec.encode('tracks.spotify-enriched', aTrackEvent({ trackId: trackId(n) }));
    if (!value.ok) throw new Error(value.failure.message);
    const headers = {
      'dl-id': `tracks.credits:tracks.spotify-enriched:${n % PARTITIONS}:${n}`,
      'dl-origin-topic': 'tracks.spotify-enriched',
      'dl-origin-partition': String(n % PARTITIONS),
      'dl-origin-offset': String(n),
      'dl-origin-timestamp': new Date(AT).toISOString(),
      'dl-group': 'tracks.credits',
      'dl-error': 'TIMEOUT',
      'dl-forwarded': 'true',
      'dl-attempts': '4',
      'dl-first-failed-at': new Date(AT).toISOString(),
      'dl-last-failed-at': new Date(AT).toISOString(),
      'dl-redrives': '0',
      'run-id': 'run-1',
      ce_subject: trackId(n),
      ...over,
    };
    broker.produce([
      { topic: DLQ, partition: n % PARTITIONS, key: Buffer.from(trackId(n)), value: value.value, headers },
    ]);
  }
}

const anOrder = (over: Partial<RedriveOrder> = {}): RedriveOrder => ({
  selection: { ...everyLetter, phase: 'credits' },
  rate: 100_000,
  max: null,
  maxRedrives: 5,
  probe: false,
  map: null,
  by: 'ada',
  reason: 'mended',
  id: null,
  ...over,
});

const attending = (signal = new AbortController().signal) => ({ signal });
const done = (order: RedriveOrder, signal?: AbortSignal) => redrive(order, connections, attending(signal));

const sentOffsets = () =>
  broker
    .records(REPLAY)
    .map(({ headers }) => Number(headers['dl-origin-offset']))
    .sort((a, b) => a - b);

const upTo = (count: number) => Array.from({ length: count }, (_, n) => n);

const states = async () => {
  const { rows } = await model.pool.query('select state, count(*) as n from dead_letters group by 1 order by 1');
  return Object.fromEntries(rows.map(({ state, n }) => [state, Number(n)]));
};

const statesBecome = (wanted: Readonly<Record<string, number>>) =>
  within(
    async () => JSON.stringify(await states()) === JSON.stringify(wanted),
    20_000,
    () => `states ${JSON.stringify(wanted)}`,
  );

describe('a redrive', () => {
  test('sends each open letter once, as it is, to its replay lane, and notes it; a second one does nothing', async () => {
    await letters(7);
    await letters(1, { 'dl-error': 'UNPARSEABLE' }, 7);
    const timeouts = anOrder({ selection: { ...everyLetter, phase: 'credits', code: 'TIMEOUT' } });
    expect(await done(timeouts)).toMatchObject({
      ends: [{ kind: 'ended', dlq: DLQ, redriven: 7, left: { counts: {} } }],
    });
    expect(sentOffsets()).toEqual(upTo(7));
    const [letter] = broker.records(DLQ);
    const sent = broker.records(REPLAY).find(({ headers }) => headers['dl-id'] === letter?.headers['dl-id']);
    expect(sent).toMatchObject({ partition: letter?.partition, key: letter?.key, value: letter?.value });
    expect(sent?.headers).toMatchObject({
      ...letter?.headers,
      'dl-redrives': '1',
      'dl-redrive-id': expect.any(String),
    });
    await statesBecome({ open: 1, redriven: 7 });
    expect(await done(timeouts)).toEqual({ ends: [] });
    expect(sentOffsets()).toEqual(upTo(7));
    const { rows } = await model.pool.query(`select kind, count(*) as n from operations group by 1 order by 1`);
    expect(rows).toMatchObject([{ kind: 'letter_redriven' }, { kind: 'redrive' }, { kind: 'redrive_ended' }]);
  });

  test('that loses transactions, is stopped and started again, sends each letter once', async () => {
    await letters(30);
    for (const fault of ['lost-before', 'left-open', 'lost-after'] as const) broker.failNextCommit(fault);
    const stopping = new AbortController();
    let portions = 0;
    const order = anOrder({ rate: 50 });
    const first = await redrive(order, connections, {
      signal: stopping.signal,
      tell: () => {
        portions += 1;
        if (portions === 1) stopping.abort();
      },
    });
    expect(first).toMatchObject({ ends: [{ kind: 'stopped' }] });
    const again = await done(anOrder());
    expect(again).toMatchObject({ ends: [{ kind: 'ended', redriven: 30 }] });
    expect(again.ends[0]).toHaveProperty('id', first.ends[0]?.kind === 'stopped' ? first.ends[0].id : '');
    expect(sentOffsets()).toEqual(upTo(30));
  });

  test('counts what a transaction did whose answer was lost', async () => {
    await letters(6);
    broker.failNextCommit('lost-after');
    expect(await done(anOrder())).toMatchObject({ ends: [{ kind: 'ended', redriven: 6 }] });
    expect(sentOffsets()).toEqual(upTo(6));
  });

  test('of a name is done once, also when there are new letters', async () => {
    await letters(2);
    const selection = { ...everyLetter, phase: 'credits' as const };
    const named = { selection, rate: 1e5, max: null, probe: false, reason: 'back', id: 'back-1' };
    const signal = new AbortController().signal;
    expect(await redriveByItself(named, connections, signal)).toMatchObject({ ends: [{ id: 'back-1', redriven: 2 }] });
    await letters(1, {}, 2);
    expect(await redriveByItself(named, connections, signal)).toEqual({ ends: [] });
    expect(sentOffsets()).toEqual(upTo(2));
    const { rows } = await model.pool.query(`select distinct by from operations`);
    expect(rows).toEqual([{ by: 'linernotes' }]);
  });

  test('sends a letter that failed again once more, but no more often than it may', async () => {
    await letters(1);
    await done(anOrder());
    await letters(1, { 'dl-redrives': '1' });
    await statesBecome({ open: 1 });
    expect(await done(anOrder({ maxRedrives: 1 }))).toMatchObject({
      ends: [{ redriven: 0, left: { counts: { too_often: 1 } } }],
    });
    expect(await done(anOrder({ maxRedrives: 2 }))).toMatchObject({ ends: [{ redriven: 1 }] });
    expect(broker.records(REPLAY).map(({ headers }) => headers['dl-redrives'])).toEqual(['1', '2']);
  });

  test('sends a probe without counting it', async () => {
    await letters(1, { 'dl-redrives': '4' });
    expect(await done(anOrder({ max: 1, probe: true }))).toMatchObject({ ends: [{ redriven: 1 }] });
    expect(broker.records(REPLAY).map(({ headers }) => headers['dl-redrives'])).toEqual(['4']);
  });

  test('sends at most so many', async () => {
    await letters(9);
    expect(await done(anOrder({ max: 4 }))).toMatchObject({ ends: [{ kind: 'ended', redriven: 4 }] });
    expect(sentOffsets()).toHaveLength(4);
    expect(await done(anOrder())).toMatchObject({ ends: [{ redriven: 5 }] });
    expect(sentOffsets()).toEqual(upTo(9));
  });

  test('waits for no second one of the same topic: it says that one runs', async () => {
    await letters(1);
    const lock = await lockRedrives(model.pool, DLQ);
    expect(await done(anOrder())).toMatchObject({ ends: [{ kind: 'refused', message: expect.stringContaining(DLQ) }] });
    expect(sentOffsets()).toEqual([]);
    await lock?.release();
    await within(
      async () => (await done(anOrder())).ends[0]?.kind === 'ended',
      10_000,
      () => 'the lock to be free',
    );
  });
});

describe('a map', () => {
  const mapOf = (apply: LetterMap['apply']): LetterMap => ({ sha256: 'a', apply });

  test('makes new values; what does not fit is listed and not sent', async () => {
    await letters(4);
    const map = mapOf((value, { trackId: id }) => {
      const event = value as ReturnType<typeof aTrackEvent>;
      if (id === trackId(1)) return { ...event, trackId: 'no track' };
      if (id === trackId(2)) return { ...event, reports: 'none' };
      if (id === trackId(3)) throw new Error('not this one');
      return { ...event, raw: { ...event.raw, name: 'mended' } };
    });
    expect(await done(anOrder({ map }))).toMatchObject({
      ends: [
        {
          redriven: 1,
          left: {
            counts: { map: 3 },
            some: expect.arrayContaining([
              expect.objectContaining({ message: expect.stringContaining('no track') }),
              expect.objectContaining({ message: expect.stringContaining('reports') }),
              expect.objectContaining({ message: expect.stringContaining('not this one') }),
            ]),
          },
        },
      ],
    });
    const [sent] = broker.records(REPLAY);
    expect(await codec.decode(REPLAY, sent?.value ?? null)).toMatchObject({
      ok: true,
      value: { raw: { name: 'mended' } },
    });
    await statesBecome({ open: 3, redriven: 1 });
  });

  test('is asked about bytes that cannot be decoded, too', async () => {
    await letters(1);
    broker.produce([{ ...letterLike(), value: Buffer.from('junk') }]);
    const map = mapOf(
      (value, { bytes }) => value ?? (bytes?.toString() === 'junk' ? aTrackEvent({ trackId: trackId(50) }) : null),
    );
    expect(await done(anOrder({ map }))).toMatchObject({ ends: [{ redriven: 2 }] });
    const mended = broker.records(REPLAY).find(({ headers }) => headers['dl-id'] === 'junk');
    expect([mended?.key?.toString(), mended?.headers['ce_subject']]).toEqual([trackId(50), trackId(50)]);
  });

  const letterLike = () => {
    const [letter] = broker.records(DLQ);
    if (letter === undefined) throw new Error('There is no letter.');
    return { topic: DLQ, partition: 1, key: letter.key, headers: { ...letter.headers, 'dl-id': 'junk' } };
  };
});

test('letters that are resolved are closed, with who and why, and are not redriven', async () => {
  await letters(5);
  const order = { selection: { ...everyLetter, track: trackId(2) }, by: 'ada', reason: 'a test track' };
  const signal = new AbortController().signal;
  expect(await resolveLetters(order, connections, [DLQ], signal)).toEqual({ resolved: 1 });
  await statesBecome({ open: 4, resolved: 1 });
  expect(await resolveLetters(order, connections, [DLQ], signal)).toEqual({ resolved: 0 });
  await done(anOrder());
  expect(sentOffsets()).toEqual([0, 1, 3, 4]);
  const { rows } = await model.pool.query(`select state_by, state_reason from dead_letters where state = 'resolved'`);
  expect(rows).toEqual([{ state_by: 'ada', state_reason: 'a test track' }]);
});

test('without a projector nothing is sent, and nothing is closed', async () => {
  await projector.drain(5000);
  await letters(1);
  const signal = AbortSignal.timeout(300);
  const why = expect.stringContaining('projector');
  expect(await done(anOrder(), signal)).toMatchObject({ ends: [{ kind: 'refused', message: why }] });
  const order = { selection: everyLetter, by: 'ada', reason: 'x' };
  expect(await resolveLetters(order, connections, [DLQ], signal)).toMatchObject({ refused: why });
  expect(broker.records(OPERATIONS_TOPIC)).toEqual([]);
});
