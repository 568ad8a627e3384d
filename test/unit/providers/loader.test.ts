import { describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { memoryLedger } from '#adapters/memory/ledger.ts';
import { loader } from '#providers/loader.ts';
import type { LedgerEntry } from '#providers/ports.ts';
import type { Fetched, Source } from '#providers/source.ts';
import { failure } from '#stream/failure.ts';
import { anAsking, noHttp, providerPorts } from '#test/support/providers.ts';
import { soon } from '#test/support/soon.ts';
import { AT } from '#test/support/tracks.ts';

type Wire = { readonly name: string };

const wire = z.looseObject({ name: z.string() });
const HOUR = 3_600_000;

/** A provider that knows every key by its own name, and the batches that it was asked for. */
function aSource(over: Partial<Source<Wire, string>> = {}) {
  const batches: (readonly string[])[] = [];
  const fetchBatch: Source<Wire, string>['fetchBatch'] = over.fetchBatch ?? (async (keys) => keys.map(named));
  const source: Source<Wire, string> = {
    provider: 'test',
    kind: 'thing',
    maxBatch: 3,
    lingerMs: { live: 0, replay: 0 },
    freshnessMs: { found: 10 * HOUR, empty: HOUR },
    profile: () => 'full',
    wire,
    read: ({ name }) => name.toUpperCase(),
    ...over,
    fetchBatch: async (keys, scope) => {
      batches.push(keys);
      return fetchBatch(keys, scope);
    },
  };
  return { source, batches };
}

const named = (key: string): Fetched => ({ kind: 'found', body: { name: key, extra: 1 } });
const found = (facts: string, fetchedAt = AT) => ({ kind: 'found', facts, fetchedAt });

const entry = (key: string, over: Partial<LedgerEntry> = {}): LedgerEntry => ({
  provider: 'test',
  kind: 'thing',
  key,
  outcome: 'found',
  body: { name: `stored ${key}` },
  fetchedAt: AT - 2 * HOUR,
  profile: 'full',
  ...over,
});

async function remembering(...entries: readonly LedgerEntry[]) {
  const ledger = memoryLedger();
  await ledger.store(entries);
  return providerPorts(noHttp, { ledger });
}

describe('batches', () => {
  test('hold as many keys as the provider takes, whoever asked', async () => {
    const { source, batches } = aSource();
    const look = loader(source, providerPorts(noHttp));
    const answers = await Promise.all(['a', 'b', 'c', 'd'].map((key) => look(key, anAsking())));
    expect([answers, batches]).toEqual([
      [found('A'), found('B'), found('C'), found('D')],
      [['a', 'b', 'c'], ['d']],
    ]);
  });

  test('hold a key once, however often it is asked', async () => {
    const { source, batches } = aSource();
    const look = loader(source, providerPorts(noHttp));
    const answers = await Promise.all(['a', 'b', 'a', 'a'].map((key) => look(key, anAsking())));
    expect([answers.length, batches]).toEqual([4, [['a', 'b']]]);
  });

  test('join a key that is under way instead of asking again', async () => {
    const gate = Promise.withResolvers<readonly Fetched[]>();
    const { source, batches } = aSource({ fetchBatch: () => gate.promise });
    const look = loader(source, providerPorts(noHttp));
    const first = look('a', anAsking());
    await soon(() => batches.length === 1);
    const second = look('a', anAsking());
    gate.resolve([named('a')]);
    expect([await first, await second, batches]).toEqual([found('A'), found('A'), [['a']]]);
  });

  test('go out when full, before the linger is over', async () => {
    const { source, batches } = aSource({ lingerMs: { live: 60_000, replay: 60_000 } });
    const look = loader(source, providerPorts(noHttp));
    await Promise.all(['a', 'b', 'c'].map((key) => look(key, anAsking())));
    expect(batches).toEqual([['a', 'b', 'c']]);
  });

  test('gather keys that come one after the other within the linger', async () => {
    const { source, batches } = aSource({ lingerMs: { live: 20, replay: 20 } });
    const look = loader(source, providerPorts(noHttp));
    const first = look('a', anAsking());
    await new Promise(setImmediate);
    await Promise.all([first, look('b', anAsking())]);
    expect(batches).toEqual([['a', 'b']]);
  });

  test('are halved where the source splits them, so that one bad key stands alone', async () => {
    const { source, batches } = aSource({
      maxBatch: 8,
      fetchBatch: async (keys) => {
        if (!keys.includes('bad')) return keys.map(named);
        return keys.length > 1 ? 'split' : [{ kind: 'failed', failure: failure('BAD_REQUEST', 'bad') }];
      },
    });
    const look = loader(source, providerPorts(noHttp));
    const answers = await Promise.all(['a', 'b', 'bad', 'd'].map((key) => look(key, anAsking())));
    expect(answers).toEqual([
      found('A'),
      found('B'),
      { kind: 'failed', failure: failure('BAD_REQUEST', 'bad') },
      found('D'),
    ]);
    expect(batches).toEqual([['a', 'b', 'bad', 'd'], ['a', 'b'], ['bad', 'd'], ['bad'], ['d']]);
  });

  test('fail for their own keys alone', async () => {
    const { source } = aSource({
      fetchBatch: async (keys) => {
        if (keys.includes('d')) throw new Error('a bug');
        return keys.map(named);
      },
    });
    const look = loader(source, providerPorts(noHttp));
    const settled = await Promise.allSettled(['a', 'b', 'c', 'd'].map((key) => look(key, anAsking())));
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled', 'rejected']);
  });

  test('with a wrong number of results are a bug', async () => {
    const { source } = aSource({ fetchBatch: async () => [] });
    await expect(loader(source, providerPorts(noHttp))('a', anAsking())).rejects.toThrow('0 results for 1 keys');
  });

  test('of replays leave in the replay lane, and a live question does not wait for them', async () => {
    const lanes: string[] = [];
    const gate = Promise.withResolvers<void>();
    const { source } = aSource({
      fetchBatch: async (keys, { lane }) => {
        lanes.push(lane);
        if (lane === 'replay') await gate.promise;
        return keys.map(named);
      },
    });
    const look = loader(source, providerPorts(noHttp));
    const replay = look('a', anAsking({ lane: 'replay' }));
    await soon(() => lanes.length === 1);
    await look('a', anAsking());
    gate.resolve();
    await replay;
    expect(lanes).toEqual(['replay', 'live']);
  });
});

describe('the ledger', () => {
  test('answers what it has, and only the rest is called for', async () => {
    const { source, batches } = aSource();
    const look = loader(source, await remembering(entry('a')));
    const answers = await Promise.all(['a', 'b'].map((key) => look(key, anAsking())));
    expect([answers, batches]).toEqual([[found('STORED A', AT - 2 * HOUR), found('B')], [['b']]]);
  });

  test('is asked once for all keys of one go', async () => {
    const ports = await remembering();
    const find = vi.spyOn(ports.ledger, 'find');
    const look = loader(aSource().source, ports);
    await Promise.all(['a', 'b', 'a'].map((key) => look(key, anAsking())));
    expect(find.mock.calls).toEqual([['test', 'thing', ['a', 'b'], AT - 10 * HOUR]]);
  });

  test('keeps what was found as received, and what was not', async () => {
    const ports = await remembering();
    const { source } = aSource({ fetchBatch: async ([key = '']) => [named(key), { kind: 'not_found' }] });
    const look = loader(source, ports);
    await Promise.all(['a', 'b'].map((key) => look(key, anAsking())));
    expect([...(await ports.ledger.find('test', 'thing', ['a', 'b'], 0)).values()]).toEqual([
      entry('a', { body: { name: 'a', extra: 1 }, fetchedAt: AT }),
      entry('b', { outcome: 'not_found', body: null, fetchedAt: AT }),
    ]);
  });

  test('keeps no failure and no answer of an unknown shape', async () => {
    const ports = await remembering();
    const { source } = aSource({
      fetchBatch: async () => [
        { kind: 'found', body: { title: 'renamed' } },
        { kind: 'failed', failure: failure('TIMEOUT', 'slow') },
      ],
    });
    const look = loader(source, ports);
    const answers = await Promise.all(['a', 'b'].map((key) => look(key, anAsking())));
    expect(answers).toMatchObject([
      { kind: 'failed', failure: { code: 'UNPARSEABLE' } },
      { kind: 'failed', failure: { code: 'TIMEOUT' } },
    ]);
    expect((await ports.ledger.find('test', 'thing', ['a', 'b'], 0)).size).toBe(0);
  });

  test.each([
    ['facts that are too old', { fetchedAt: AT - 11 * HOUR }, {}],
    ['a "not found" that is too old', { outcome: 'not_found', body: null }, {}],
    ['what was fetched before a forced replay began', {}, { notBefore: AT - HOUR }],
    ['a "not offered" of another profile', { outcome: 'not_offered', body: null, fetchedAt: AT, profile: 'small' }, {}],
    ['an entry whose shape is no longer known', { body: { title: 'old' } }, {}],
  ] as const)('does not count %s', async (_, stored, asking) => {
    const { source, batches } = aSource();
    const look = loader(source, await remembering(entry('a', stored)));
    expect([await look('a', anAsking(asking)), batches]).toEqual([found('A'), [['a']]]);
  });

  test.each(['not_found', 'restricted', 'not_offered'] as const)('answers %s without a call', async (outcome) => {
    const { source, batches } = aSource();
    const look = loader(source, await remembering(entry('a', { outcome, body: null, fetchedAt: AT })));
    expect([await look('a', anAsking()), batches]).toEqual([{ kind: outcome, fetchedAt: AT }, []]);
  });

  test('in memory forgets what was stored longest ago', async () => {
    const ledger = memoryLedger(2);
    await ledger.store([entry('a'), entry('b')]);
    await ledger.store([entry('a'), entry('c')]);
    expect([...(await ledger.find('test', 'thing', ['a', 'b', 'c'], 0)).keys()]).toEqual(['a', 'c']);
  });
});

describe('aborting the asker', () => {
  test('ends its wait with the reason; the call goes on, others get the answer, and it is stored', async () => {
    const gate = Promise.withResolvers<readonly Fetched[]>();
    const { source, batches } = aSource({ fetchBatch: () => gate.promise });
    const ports = await remembering();
    const look = loader(source, ports);
    const gone = new AbortController();
    const leaving = look('a', anAsking({ signal: gone.signal }));
    const staying = look('a', anAsking());
    await soon(() => batches.length === 1);
    gone.abort('partition lost');
    await expect(leaving).rejects.toBe('partition lost');
    gate.resolve([named('a')]);
    expect(await staying).toEqual(found('A'));
    expect((await ports.ledger.find('test', 'thing', ['a'], 0)).size).toBe(1);
  });

  test('gives up a call that still waits for its slot only when all have gone', async () => {
    const signals: AbortSignal[] = [];
    const { source } = aSource({
      fetchBatch: (_, { signal }) => {
        signals.push(signal);
        return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
      },
    });
    const look = loader(source, providerPorts(noHttp));
    const [one, two] = [new AbortController(), new AbortController()];
    const asked = [look('a', anAsking({ signal: one.signal })), look('b', anAsking({ signal: two.signal }))];
    const settled = Promise.allSettled(asked);
    await soon(() => signals.length === 1);
    one.abort('one');
    expect(signals[0]?.aborted).toBe(false);
    two.abort('two');
    expect(signals[0]?.aborted).toBe(true);
    expect(await settled).toEqual([
      { status: 'rejected', reason: 'one' },
      { status: 'rejected', reason: 'two' },
    ]);
  });

  test('within the linger does not take the others of its batch along', async () => {
    const { source } = aSource({
      lingerMs: { live: 10, replay: 10 },
      fetchBatch: async (keys, { signal }) => {
        signal.throwIfAborted();
        return keys.map(named);
      },
    });
    const look = loader(source, providerPorts(noHttp));
    const gone = new AbortController();
    const leaving = look('a', anAsking({ signal: gone.signal }));
    const staying = look('b', anAsking());
    await new Promise(setImmediate);
    gone.abort('gone');
    await expect(leaving).rejects.toBe('gone');
    expect(await staying).toEqual(found('B'));
  });

  test('asks again for a key whose askers had all gone', async () => {
    const { source, batches } = aSource({
      fetchBatch: async (keys, { signal }) => {
        if (batches.length > 1) return keys.map(named);
        return new Promise((_, reject) => signal.addEventListener('abort', () => setTimeout(reject, 5, signal.reason)));
      },
    });
    const look = loader(source, providerPorts(noHttp));
    const gone = new AbortController();
    const leaving = look('a', anAsking({ signal: gone.signal }));
    await soon(() => batches.length === 1);
    gone.abort('gone');
    await expect(leaving).rejects.toBe('gone');
    expect(await look('a', anAsking())).toEqual(found('A'));
  });
});

describe('the runs for which is asked', () => {
  test('share a call: it is made for both, and leaving it by one does not end it for the other', async () => {
    const madeFor: (readonly string[] | undefined)[] = [];
    const answered = Promise.withResolvers<void>();
    const { source, batches } = aSource({
      fetchBatch: async (keys, scope) => {
        madeFor.push(scope.runs?.());
        await answered.promise;
        return keys.map(named);
      },
    });
    const look = loader(source, providerPorts(noHttp));
    const gone = new AbortController();
    const left = look('a', anAsking({ run: 'left', signal: gone.signal }));
    const kept = look('a', anAsking({ run: 'kept' }));
    await soon(() => batches.length === 1);
    gone.abort(new Error('the run was cancelled'));
    await expect(left).rejects.toThrow('the run was cancelled');
    answered.resolve();
    expect(await kept).toEqual(found('A'));
    expect([batches, madeFor]).toEqual([[['a']], [['left', 'kept']]]);
  });

  test('are told of each question how it was answered', async () => {
    const { source } = aSource();
    const look = loader(source, await remembering(entry('b', { fetchedAt: AT })));
    const told: unknown[] = [];
    const asking = anAsking({ told: ({ key, how, outcome }) => told.push([key, how, outcome]) });
    await look('b', asking);
    await Promise.all([look('a', asking), look('a', asking)]);
    expect(told).toEqual([
      ['b', 'ledger', 'found'],
      ['a', 'asked', 'found'],
      ['a', 'joined', 'found'],
    ]);
  });
});
