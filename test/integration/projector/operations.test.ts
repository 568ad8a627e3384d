import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { memoryBroker } from '#adapters/memory/broker.ts';
import { operationAt } from '#app/operations/append.ts';
import { operationsApplied } from '#app/operations/applied.ts';
import { aLog, aReadModel, emptyReadModel, everyRow, type Log, serveAll } from '#test/support/read-model.ts';
import { AT, trackId } from '#test/support/tracks.ts';
import type { Operation } from '#track/operation.ts';
import { OPERATIONS_TOPIC } from '#track/topology.ts';

let model: Awaited<ReturnType<typeof aReadModel>>;

beforeAll(async () => {
  model = await aReadModel();
});
beforeEach(async () => {
  await emptyReadModel(model.pool);
  model.writer.reset();
});
afterAll(() => model.close());

const LETTER = 'tracks.credits:tracks.spotify-enriched:0:9';

const operation = (over: Partial<Operation> = {}): Operation => ({
  ...operationAt({ id: 'one', kind: 'resume', by: 'ada', target: 'credits', reason: 'mended' }, AT),
  ...over,
});

const onLetter = (kind: 'letter_redriven' | 'letter_resolved', offset: number, id: string): Operation =>
  operation({
    id,
    kind,
    target: LETTER,
    details: { topic: 'tracks.credits.dlq', partition: '0', offset: `${offset}` },
  });

const letterAt = (log: Log, lastFailedAt: number) =>
  log.append('tracks.credits.dlq', 'x', {
    headers: {
      'dl-id': LETTER,
      'dl-origin-topic': 'tracks.spotify-enriched',
      'dl-origin-partition': '0',
      'dl-origin-offset': '9',
      'dl-group': 'tracks.credits',
      'dl-error': 'TIMEOUT',
      'dl-last-failed-at': new Date(lastFailedAt).toISOString(),
      'run-id': 'run-1',
      ce_subject: trackId(9),
    },
  });

const stateOfLetter = async () =>
  (await model.pool.query('select state, state_by, state_reason from dead_letters')).rows[0];

describe('operations in the read model', () => {
  test('each is one row; a repeated id is the same operation, and the first counts', async () => {
    const log = aLog();
    log.append(OPERATIONS_TOPIC, operation({ details: { why: 'because' } }));
    log.append(OPERATIONS_TOPIC, operation({ by: 'somebody else' }));
    log.append(OPERATIONS_TOPIC, operation({ id: 'two', kind: 'cancel', reason: null }));
    await serveAll(log, model.ports, 1);
    const rows = (await everyRow(model.pool))['operations'];
    expect(rows).toMatchObject([
      { operation_id: 'one', kind: 'resume', by: 'ada', target: 'credits', reason: 'mended', position: 0 },
      { operation_id: 'two', kind: 'cancel', reason: null, position: 2 },
    ]);
    expect(rows?.[0]).toMatchObject({ at: new Date(AT).toISOString(), details: { why: 'because' } });
    await emptyReadModel(model.pool);
    await serveAll(log, model.ports);
    expect((await everyRow(model.pool))['operations']).toEqual(rows);
  });

  test('one that cannot be read, or does not say where its letter stands, goes to the dead letters of the projector', async () => {
    const log = aLog();
    log.append(OPERATIONS_TOPIC, Buffer.from('no json'));
    log.append(OPERATIONS_TOPIC, { ...operation(), at: 'yesterday' });
    log.append(OPERATIONS_TOPIC, operation({ id: 'x', kind: 'letter_redriven', target: LETTER }));
    log.append(OPERATIONS_TOPIC, operation());
    await serveAll(log, model.ports);
    expect(model.writer.written.map(({ headers }) => headers['dl-error'])).toEqual([
      'UNDECODABLE',
      'INVALID_EVENT',
      'INVALID_EVENT',
    ]);
    expect((await everyRow(model.pool))['operations']).toHaveLength(1);
  });

  test('a letter is what was last done to that copy of it, whichever comes first', async () => {
    const log = aLog();
    log.append(OPERATIONS_TOPIC, onLetter('letter_redriven', 0, 'a'));
    letterAt(log, AT);
    await serveAll(log, model.ports);
    expect(await stateOfLetter()).toEqual({ state: 'redriven', state_by: 'ada', state_reason: 'mended' });
    // It failed again: a newer copy, to which nothing was done yet.
    letterAt(log, AT + 1);
    await serveAll(log, model.ports);
    expect(await stateOfLetter()).toMatchObject({ state: 'open', state_by: null });
    log.append(OPERATIONS_TOPIC, onLetter('letter_resolved', 1, 'b'));
    await serveAll(log, model.ports);
    expect(await stateOfLetter()).toMatchObject({ state: 'resolved' });
  });
});

describe('waiting until all operations are applied', () => {
  const onlyOf = (broker: ReturnType<typeof memoryBroker>) => ({ pool: model.pool, broker: broker.connect() });

  const brokerWith = (operations: number) => {
    const broker = memoryBroker({ now: () => AT });
    broker.createTopic(OPERATIONS_TOPIC, 1);
    for (let n = 0; n < operations; n += 1)
      broker.produce([{ topic: OPERATIONS_TOPIC, partition: 0, key: null, value: null, headers: {} }]);
    return broker;
  };

  test('is over at once where nothing was ever done, and when the projector gets there', async () => {
    expect(await operationsApplied(onlyOf(brokerWith(0)))).toEqual({ applied: true });
    const waiting = operationsApplied(onlyOf(brokerWith(2)));
    const log = aLog();
    for (const id of ['one', 'two']) log.append(OPERATIONS_TOPIC, operation({ id }));
    await serveAll(log, model.ports);
    expect(await waiting).toEqual({ applied: true });
  });

  test('ends with what to do when no projector runs, and when its caller gives up', async () => {
    const without = await operationsApplied(onlyOf(brokerWith(1)), { patienceMs: 1 });
    expect(without).toMatchObject({ applied: false, message: expect.stringContaining('linernotes run projector') });
    const gone = await operationsApplied(onlyOf(brokerWith(1)), { signal: AbortSignal.abort() });
    expect(gone).toMatchObject({ applied: false });
  });
});
