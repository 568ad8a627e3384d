import { expect, test } from 'vitest';
import type { Message } from '#stream/message.ts';
import { forward } from '#stream/outcome.ts';
import { at, START, until, type Word, world } from './world.ts';

/**
 * Chapter 1. A stage is a declaration and a function over a batch. The engine reads its topic, hands over messages, and writes
 * what comes back, together with how far it has read.
 */

test('every event goes on to the next topic, in order, and the group has read up to there', async () => {
  const here = world();
  here.send(['one', 'two', 'three']);
  const running = await here.run();
  await until(() => here.committed() === 3);
  expect(here.said()).toEqual(['one ok', 'two ok', 'three ok']);
  expect(running.counts()).toEqual({
    read: 3,
    forwarded: 3,
    degraded: 0,
    deadLettered: 0,
    returned: 0,
    inFlight: 0,
  });
});

test('a record that goes on bears a CloudEvents envelope, an id that says where it comes from, and the trace of its input', async () => {
  const here = world();
  const headers = {
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    'run-id': 'run-7',
    force: 'words@2026-01-01T00:00:00.000Z',
    'replay-id': 'replay-3',
    ce_id: 'upstream-1',
    'x-stranger': 'stays behind',
  };
  here.send(['one'], { headers });
  await here.run();
  await until(() => here.committed() === 1);
  expect(here.broker.records('words.out')).toEqual([
    {
      topic: 'words.out',
      partition: 0,
      offset: 0,
      timestamp: START,
      key: Buffer.from('one'),
      value: Buffer.from('{"word":"one","said":"ok"}'),
      headers: {
        ce_specversion: '1.0',
        ce_id: 'g.words:words.in:0:0',
        ce_type: 'words.out',
        ce_source: '/stages/words',
        ce_subject: 'one',
        ce_time: at(0),
        'content-type': 'application/vnd.confluent.avro',
        traceparent: '00-0af7651916cd43dd8448eb211c80319c-b4884756cda05145-01',
        'run-id': 'run-7',
        force: 'words@2026-01-01T00:00:00.000Z',
        'replay-id': 'replay-3',
      },
    },
  ]);
});

test('a handler sees the event, its envelope, its lane and where it stood, and the one time of its batch', async () => {
  const here = world();
  const seen: unknown[] = [];
  const handle = async (batch: readonly Message<Word>[], context: { now: number; lane: string; attempt: number }) => {
    seen.push(...batch, { now: context.now, lane: context.lane, attempt: context.attempt });
    return batch.map(({ event }) => forward({ word: event.word, said: 'ok' }));
  };
  const headers = { 'run-id': 'run-7', force: 'a,b@2026-01-01T00:00:00.000Z' };
  here.send(['one'], { headers });
  await here.run({ handle });
  await until(() => here.committed() === 1);
  expect(seen).toEqual([
    {
      event: { word: 'one' },
      envelope: { id: 'words.in:0:0', runId: 'run-7', traceparent: null, force: { phases: ['a', 'b'], since: START } },
      lane: 'live',
      position: { topic: 'words.in', partition: 0, offset: 0 },
      headers,
    },
    { now: START, lane: 'live', attempt: 1 },
  ]);
});

test('a batch holds at most what the stage declares, and each batch is one commit', async () => {
  const here = world();
  here.send(['a', 'b', 'c', 'd', 'e']);
  const sizes: number[] = [];
  await here.run({
    batch: { max: 2, lingerMs: 0 },
    handle: async (batch) => {
      sizes.push(batch.length);
      return batch.map(({ event }) => forward({ word: event.word, said: 'ok' }));
    },
  });
  await until(() => here.committed() === 5);
  expect(sizes).toEqual([2, 2, 1]);
  expect(here.events().filter((event) => event === 'batch.committed')).toHaveLength(3);
});

test('a batch ends before it would hold more dear messages than the stage declares; the others do not count', async () => {
  const here = world();
  here.send(['a', 'DEAR 1', 'b', 'DEAR 2', 'c', 'DEAR 3', 'd']);
  const batches: string[][] = [];
  await here.run({
    dear: { most: 2, is: ({ event }, now) => now === START && event.word.startsWith('DEAR') },
    handle: async (batch) => {
      batches.push(batch.map(({ event }) => event.word));
      return batch.map(({ event }) => forward({ word: event.word, said: 'ok' }));
    },
  });
  await until(() => here.committed() === 7);
  expect(batches).toEqual([
    ['a', 'DEAR 1', 'b', 'DEAR 2', 'c'],
    ['DEAR 3', 'd'],
  ]);
  expect(here.said()).toHaveLength(7);
  expect(here.metric('linernotes_stage_read_total', 'words', 'live')).toBe(7);
  expect(here.metric('linernotes_stage_in_flight', 'words', 'live')).toBe(0);
});

test('the next process goes on where the last one stopped', async () => {
  const here = world();
  here.send(['one']);
  const first = await here.run();
  await until(() => here.committed() === 1);
  await first.drain(1_000);
  here.send(['two']);
  await here.run();
  await until(() => here.committed() === 2);
  expect(here.said()).toEqual(['one ok', 'two ok']);
});

test('what the stage makes of a value may differ from the value: input is a schema that may transform', async () => {
  const here = world();
  const { z } = await import('zod');
  here.send(['one']);
  await here.run({ input: z.object({ word: z.string() }).transform(({ word }) => ({ word: word.toUpperCase() })) });
  await until(() => here.committed() === 1);
  expect(here.said()).toEqual(['ONE ok']);
});

test('each record and each batch is told to the log, each record with its key, place and trace', async () => {
  const here = world();
  here.send(['one'], { headers: { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' } });
  await here.run();
  await until(() => here.committed() === 1);
  expect(here.logged.filter(({ event }) => event !== 'partition.taken' && event !== 'stage.started')).toEqual([
    {
      level: 'debug',
      event: 'record.forwarded',
      fields: {
        stage: 'words',
        lane: 'live',
        key: 'one',
        topic: 'words.in',
        partition: 0,
        offset: 0,
        run: null,
        trace: '0af7651916cd43dd8448eb211c80319c',
        attempts: 1,
        code: null,
        message: null,
      },
    },
    {
      level: 'info',
      event: 'batch.committed',
      fields: { stage: 'words', lane: 'live', records: 1, forwarded: 1, degraded: 0, 'dead-lettered': 0, seconds: 0 },
    },
  ]);
});
