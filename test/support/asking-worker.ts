import { setTimeout as elapsed } from 'node:timers/promises';
import { z } from 'zod';
import { postgresLedger } from '#adapters/postgres/ledger.ts';
import { openPool } from '#adapters/postgres/pool.ts';
import { loader } from '#providers/loader.ts';
import { failure } from '#stream/failure.ts';
import { failed } from '#stream/result.ts';
import { seeded } from './random.ts';

// A process that asks a slow provider for numbered keys through the ledger, in an order of its own, and writes down what it asked
// and what it was answered.

const { DATABASE_URL = '', KEYS = '0', SEED = '0', LEASE_MS = '1000' } = process.env;
const random = seeded(Number(SEED));
const say = (what: string, key: string): void => {
  process.stdout.write(`${what} ${key}\n`);
};

const pool = openPool({ url: DATABASE_URL, max: 3, name: 'asking', onLost: () => undefined });
const ledger = postgresLedger(pool, Number(LEASE_MS));
const look = loader(
  {
    provider: 'test',
    kind: 'thing',
    maxBatch: 5,
    lingerMs: { live: 5, replay: 5 },
    freshnessMs: { found: 3_600_000, empty: 3_600_000 },
    profile: () => 'full',
    wire: z.object({ key: z.string() }),
    read: ({ key }) => key,
    fetchBatch: async (keys) => {
      for (const key of keys) say('asked', key);
      await elapsed(50 + random() * 100);
      return keys.map((key) => ({ kind: 'found', body: { key } }));
    },
  },
  {
    ledger,
    now: Date.now,
    http: async () => failed(failure('BUG', 'there is no network')),
    governor: {
      slot: () => new Promise(() => undefined),
      pause: async () => undefined,
      pauseEndpoint: async () => undefined,
      paused: async () => null,
    },
  },
);

const keys = Array.from({ length: Number(KEYS) }, (_, n) => ({ key: `key-${n}`, at: random() }))
  .toSorted((one, other) => one.at - other.at)
  .map(({ key }) => key);

const asker = async (first: number): Promise<void> => {
  for (let n = first; n < keys.length; n += 10) {
    const key = keys[n] ?? '';
    const asking = { signal: new AbortController().signal, lane: 'live', now: Date.now(), notBefore: null } as const;
    const answer = await look(key, asking);
    if (answer.kind === 'found' && answer.facts === key) say('answered', key);
  }
};

process.stderr.write('ready\n');
await Promise.all(Array.from({ length: 10 }, (_, first) => asker(first)));
ledger.close();
await pool.end();
