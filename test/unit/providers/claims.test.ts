import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { emptyShelves, memoryLedger } from '#adapters/memory/ledger.ts';
import { loader } from '#providers/loader.ts';
import type { Fetched, Source } from '#providers/source.ts';
import { failure } from '#stream/failure.ts';
import { anAsking, noHttp, providerPorts } from '#test/support/providers.ts';
import { soon } from '#test/support/soon.ts';
import { AT } from '#test/support/tracks.ts';

type Fetch = Source<{ readonly name: string }, string>['fetchBatch'];

/** Processes on one ledger: each has a loader of its own over one provider. */
function processes(fetchBatch: Fetch) {
  const batches: (readonly string[])[] = [];
  const shelves = emptyShelves();
  const source: Source<{ readonly name: string }, string> = {
    provider: 'test',
    kind: 'thing',
    maxBatch: 10,
    lingerMs: { live: 0, replay: 0 },
    freshnessMs: { found: 1_000_000, empty: 1_000_000 },
    profile: () => 'full',
    wire: z.object({ name: z.string() }),
    read: ({ name }) => name,
    fetchBatch: (keys, scope) => {
      batches.push(keys);
      return fetchBatch(keys, scope);
    },
  };
  const start = () => loader(source, providerPorts(noHttp, { ledger: memoryLedger(100, shelves) }));
  return { start, batches };
}

/** Longer than a process waits before it looks whether another one has its answer. */
const A_LOOK_MS = 500;

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout'], shouldAdvanceTime: true }));
afterEach(() => void vi.useRealTimers());

const named = (key: string): Fetched => ({ kind: 'found', body: { name: key } });
const found = (facts: string) => ({ kind: 'found', facts, fetchedAt: AT });

test('a key that another process asks for is not asked again: its answer is waited for', async () => {
  const gate = Promise.withResolvers<void>();
  const { start, batches } = processes(async (keys) => {
    await gate.promise;
    return keys.map(named);
  });
  const [one, other] = [start(), start()];
  const first = [one('a', anAsking()), one('b', anAsking())];
  await soon(() => batches.length === 1);
  const second = [other('b', anAsking()), other('c', anAsking())];
  await soon(() => batches.length === 2);
  gate.resolve();
  await Promise.all(first);
  await vi.advanceTimersByTimeAsync(A_LOOK_MS);
  expect(await Promise.all([...first, ...second])).toEqual([found('a'), found('b'), found('b'), found('c')]);
  expect(batches).toEqual([['a', 'b'], ['c']]);
});

test('when the other process gets no answer, the key is asked for here', async () => {
  const gate = Promise.withResolvers<void>();
  const { start, batches } = processes(async (keys) => {
    if (batches.length > 1) return keys.map(named);
    await gate.promise;
    return keys.map(() => ({ kind: 'failed', failure: failure('TIMEOUT', 'slow') }));
  });
  const first = start()('a', anAsking());
  await soon(() => batches.length === 1);
  const second = start()('a', anAsking());
  gate.resolve();
  await first;
  await vi.advanceTimersByTimeAsync(A_LOOK_MS);
  expect([(await first).kind, await second, batches]).toEqual(['failed', found('a'), [['a'], ['a']]]);
});

test('a live question does not wait for the replay of another process', async () => {
  const gate = Promise.withResolvers<void>();
  const { start, batches } = processes(async (keys, { lane }) => {
    if (lane === 'replay') await gate.promise;
    return keys.map(named);
  });
  const replay = start()('a', anAsking({ lane: 'replay' }));
  await soon(() => batches.length === 1);
  expect(await start()('a', anAsking())).toEqual(found('a'));
  gate.resolve();
  await replay;
});

test('those who wait for another process can leave', async () => {
  const { start, batches } = processes(() => new Promise(() => undefined));
  void start()('a', anAsking());
  await soon(() => batches.length === 1);
  const gone = new AbortController();
  const leaving = start()('a', anAsking({ signal: gone.signal }));
  gone.abort('partition lost');
  await expect(leaving).rejects.toBe('partition lost');
  expect(batches).toEqual([['a']]);
});
