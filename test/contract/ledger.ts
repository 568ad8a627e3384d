import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Ledger, LedgerEntry } from '#providers/ports.ts';
import { uniqueName } from '#test/support/names.ts';
import { AT } from '#test/support/tracks.ts';

/** One ledger as several processes see it. */
export type LedgerUnderTest = {
  /** The ledger of another process. */
  connect(): Ledger;
  close(): Promise<void>;
};

/** The promises of the ledger's port. They hold for Postgres and for the ledger in memory alike. */
export const ledgerContract = (name: string, makeLedger: () => Promise<LedgerUnderTest>): void => {
  describe(`${name} keeps the ledger contract`, () => {
    let under: LedgerUnderTest;

    beforeAll(async () => {
      under = await makeLedger();
    });
    afterAll(async () => {
      await under.close();
    });

    /** A shelf nobody else uses. */
    const aShelf = () => {
      const kind = uniqueName('kind');
      const entry = (key: string, over: Partial<LedgerEntry> = {}): LedgerEntry => ({
        provider: 'test',
        kind,
        key,
        outcome: 'found',
        body: { name: key, deep: [1, { of: 'ü' }] },
        fetchedAt: AT,
        profile: 'full',
        ...over,
      });
      const claim = (ledger: Ledger, keys: readonly string[], lane: 'live' | 'replay' = 'live') =>
        ledger.claim({ provider: 'test', kind, keys, lane, notBefore: 0 });
      const ours = async (ledger: Ledger, keys: readonly string[], lane: 'live' | 'replay' = 'live') =>
        [...(await claim(ledger, keys, lane)).ours].sort();
      return { kind, entry, claim, ours };
    };

    describe('answers', () => {
      test('come back as they were stored, to every process; those that are not there are absent', async () => {
        const { kind, entry } = aShelf();
        const stored = [
          entry('a'),
          entry('b', { outcome: 'not_found', body: null }),
          entry('c', { outcome: 'restricted', body: null, profile: 'small' }),
          entry('d', { outcome: 'not_offered', body: null, fetchedAt: AT + 123 }),
        ];
        await under.connect().store(stored);
        const found = await under.connect().find('test', kind, ['a', 'b', 'c', 'd', 'none'], 0);
        expect(found).toEqual(new Map(stored.map((one) => [one.key, one])));
      });

      test('fetched before the moment that is asked for are not told', async () => {
        const { kind, entry } = aShelf();
        const ledger = under.connect();
        await ledger.store([entry('old', { fetchedAt: AT - 1 }), entry('new')]);
        expect([...(await ledger.find('test', kind, ['old', 'new'], AT)).keys()]).toEqual(['new']);
      });

      test('are replaced by newer ones and never by older ones, in whichever order they come', async () => {
        const { kind, entry } = aShelf();
        const ledger = under.connect();
        const newer = entry('a', { fetchedAt: AT + 1, outcome: 'not_found', body: null });
        await ledger.store([entry('a')]);
        await ledger.store([newer]);
        await ledger.store([entry('a')]);
        await ledger.store([entry('a', { fetchedAt: AT - 1 }), entry('b', { fetchedAt: AT + 2 }), entry('b')]);
        expect(await ledger.find('test', kind, ['a', 'b'], 0)).toEqual(
          new Map([
            ['a', newer],
            ['b', entry('b', { fetchedAt: AT + 2 })],
          ]),
        );
      });

      test.each([
        ['quotes, commas and backslashes', `o'"\\,{}%_`],
        ['a NUL', 'a\0b'],
        ['half a surrogate pair', 'a\ud800b'],
        ['thousands of characters', 'långt '.repeat(2_000)],
        ['nothing at all', ''],
        ['an emoji', '🎧'],
      ])('can be kept under a key with %s', async (_, key) => {
        const { kind, entry, ours } = aShelf();
        const ledger = under.connect();
        expect(await ours(ledger, [key])).toEqual([key]);
        await ledger.store([entry(key, { body: { name: `${key}\u0000` } })]);
        await ledger.release('test', kind, [key]);
        const found = (await ledger.find('test', kind, [key, 'other'], 0)).get(key);
        expect(found?.key).toBe(key);
        expect(found?.body).toEqual({ name: `${key}\u0000` });
      });

      test('of one go may be many', async () => {
        const { kind, entry } = aShelf();
        const ledger = under.connect();
        const keys = Array.from({ length: 2_500 }, (_, n) => `key-${n}`);
        await Promise.all(keys.map((key) => ledger.store([entry(key)])));
        expect((await under.connect().find('test', kind, keys, 0)).size).toBe(2_500);
      });

      test('of the same keys may be stored by several processes at once', async () => {
        const { kind, entry } = aShelf();
        const keys = Array.from({ length: 200 }, (_, n) => `key-${n}`);
        const storing = Array.from({ length: 8 }, (_, n) => {
          const ordered = n % 2 === 0 ? keys : keys.toReversed();
          return under.connect().store(ordered.map((key) => entry(key, { fetchedAt: AT + n })));
        });
        await Promise.all(storing);
        const found = await under.connect().find('test', kind, keys, 0);
        expect(new Set([...found.values()].map(({ fetchedAt }) => fetchedAt))).toEqual(new Set([AT + 7]));
      });
    });

    describe('claims', () => {
      test('of one process keep the others from the key until it lets go', async () => {
        const { kind, ours } = aShelf();
        const [one, other] = [under.connect(), under.connect()];
        expect(await ours(one, ['a', 'b'])).toEqual(['a', 'b']);
        expect(await ours(other, ['b', 'c'])).toEqual(['c']);
        await one.release('test', kind, ['a', 'b']);
        expect(await ours(other, ['a', 'b'])).toEqual(['a', 'b']);
      });

      test('are given to one of several processes that come at once', async () => {
        const { ours } = aShelf();
        const keys = Array.from({ length: 100 }, (_, n) => `key-${n}`);
        const got = await Promise.all(
          Array.from({ length: 6 }, (_, n) => ours(under.connect(), n % 2 === 0 ? keys : keys.toReversed())),
        );
        expect(got.flat().sort()).toEqual(keys.toSorted());
      });

      test('of a process are its own, however often; each is let go once', async () => {
        const { kind, ours } = aShelf();
        const [one, other] = [under.connect(), under.connect()];
        await ours(one, ['a']);
        expect(await ours(one, ['a'])).toEqual(['a']);
        await one.release('test', kind, ['a']);
        expect(await ours(other, ['a'])).toEqual([]);
        await one.release('test', kind, ['a']);
        expect(await ours(other, ['a'])).toEqual(['a']);
      });

      test('cannot be let go by others', async () => {
        const { kind, ours } = aShelf();
        const [one, other] = [under.connect(), under.connect()];
        await ours(one, ['a']);
        await other.release('test', kind, ['a']);
        expect(await ours(other, ['a'])).toEqual([]);
      });

      test('of a replay give way to live ones, and not the other way round', async () => {
        const { kind, ours } = aShelf();
        const [replay, live, third] = [under.connect(), under.connect(), under.connect()];
        await ours(replay, ['a'], 'replay');
        expect(await ours(third, ['a'], 'replay')).toEqual([]);
        expect(await ours(live, ['a'], 'live')).toEqual(['a']);
        expect(await ours(third, ['a'], 'live')).toEqual([]);
        await replay.release('test', kind, ['a']);
        expect(await ours(replay, ['a'], 'replay')).toEqual([]);
      });

      test('tell what is stored under the keys, whoever has them', async () => {
        const { entry, claim } = aShelf();
        const [one, other] = [under.connect(), under.connect()];
        await claim(one, ['a', 'b']);
        await one.store([entry('a')]);
        const { ours, entries } = await claim(other, ['a', 'b', 'c']);
        expect([[...ours], entries]).toEqual([['c'], new Map([['a', entry('a')]])]);
      });
    });
  });
};
