import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { loadavg, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import pg, { type Pool } from 'pg';
import { postgresLedger } from '#adapters/postgres/ledger.ts';
import { openPool } from '#adapters/postgres/pool.ts';
import { prepareDatabase } from '#adapters/postgres/prepare.ts';
import type { Ledger, LedgerEntry } from '#providers/ports.ts';
import { measured, printReport, promised, type Row } from '#test/bench/support/report.ts';
import { loneService } from '#test/support/lone-service.ts';
import { seeded } from '#test/support/random.ts';

/**
 * How long the ledger takes for a thousand keys when it is full: `--rows 10000000`. On the Postgres of DATABASE_URL in a database
 * of its own, else on one that is started for it with a quarter of the machine's memory, as a database of this size is run
 * (`--buffers N` for another number of MB). Exit 1 when a promise is broken.
 */

const KEYS = 1_000;
const MOST_MS = 50;
const ROUNDS = 200;
const ROWS_A_STEP = 500_000;
const say = (line: string): void => void process.stderr.write(`${line}\n`);

const MB = 1024 ** 2;

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    buffers: { type: 'string', default: String(Math.floor(totalmem() / 4 / MB)) },
    json: { type: 'boolean' },
  },
});
const rows = Number(values.rows);
const random = seeded(7);
const SHELF = ['spotify', 'track'] as const;

/** The key of the n-th row, as the statement below makes it. */
const keyOf = (n: number): string => createHash('md5').update(String(n)).digest('hex').slice(0, 22);

/** Bodies of 300 bytes of JSON, hardly two of which have anything in common. */
const FILL = `
  insert into linernotes.ledger
  select '${SHELF[0]}', '${SHELF[1]}', substr(md5(n::text), 1, 22), 'found',
    '{"id":"' || md5(n::text) || '","name":"' || md5((n + 1)::text) || '","isrc":"USABC' || n || '","popularity":57,"explicit":false,'
      || '"duration_ms":' || n % 400000 || ',"artists":[{"id":"' || md5((n * 3)::text) || '","name":"A name of somebody"}],'
      || '"album":{"id":"' || md5((n * 7)::text) || '","name":"' || md5((n * 11)::text) || '"}}',
    now() - n % 80000000 * interval '1 ms', 'extended'
  from generate_series($1::bigint, $2::bigint) n`;

async function fill(pool: Pool): Promise<void> {
  await pool.query('alter table linernotes.ledger drop constraint ledger_pkey');
  for (let from = 1; from <= rows; from += ROWS_A_STEP) {
    await pool.query(FILL, [from, Math.min(rows, from + ROWS_A_STEP - 1)]);
    say(`${Math.min(rows, from + ROWS_A_STEP - 1)} rows`);
  }
  await pool.query('alter table linernotes.ledger add constraint ledger_pkey primary key (provider, kind, key)');
  await pool.query('vacuum (analyze) linernotes.ledger');
}

/** Times of many rounds, in milliseconds, in order. */
async function timed(round: (n: number) => Promise<unknown>): Promise<readonly number[]> {
  const times: number[] = [];
  for (let n = 0; n < ROUNDS; n += 1) {
    const begun = performance.now();
    await round(n);
    times.push(performance.now() - begun);
  }
  return times.toSorted((one, other) => one - other);
}

/** A tick of the kernel's clock of CPU time, everywhere. */
const TICK_MS = 10;

/** CPU time of this process and of its one database connection, in milliseconds: what a loaded machine does not change much. */
async function cpuOf(pool: Pool): Promise<number> {
  const { rows: backends } = await pool.query<{ pid: number }>('select pg_backend_pid() as pid');
  const { user, system } = process.cpuUsage();
  const stat = `/proc/${backends[0]?.pid}/stat`;
  if (!existsSync(stat)) return Number.NaN;
  const fields = readFileSync(stat, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (user + system) / 1_000 + (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

const quantile = (times: readonly number[], share: number): number => times[Math.floor(times.length * share)] ?? 0;

const rowsOf = (what: string, times: readonly number[]): readonly Row[] => [
  measured(`${what}, median`, quantile(times, 0.5), 'ms'),
  promised(`${what}, 95 % within`, quantile(times, 0.95), 'ms', `≤ ${MOST_MS}`, quantile(times, 0.95) <= MOST_MS),
];

/** Keys of anywhere in the ledger; each twentieth is not there. */
const someKeys = (): readonly string[] =>
  Array.from({ length: KEYS }, (_, n) => keyOf((n % 20 === 0 ? rows : 0) + 1 + Math.floor(random() * rows)));

const entryOf = (key: string): LedgerEntry => ({
  provider: SHELF[0],
  kind: SHELF[1],
  key,
  outcome: 'found',
  body: { id: key, name: 'x'.repeat(200), popularity: 50, artists: [{ id: key }] },
  fetchedAt: Date.now(),
  profile: 'extended',
});

async function claimAndRelease(ledger: Ledger, keys: readonly string[]): Promise<void> {
  const [provider, kind] = SHELF;
  await ledger.claim({ provider, kind, keys, lane: 'live', notBefore: Date.now() });
  await ledger.release(provider, kind, keys);
}

async function measure(pool: Pool): Promise<readonly Row[]> {
  const ledger = postgresLedger(pool);
  const size = await pool.query<{ bytes: number }>(`select pg_total_relation_size('linernotes.ledger') as bytes`);
  const body = await pool.query<{ bytes: number }>(
    'select avg(octet_length(body))::float8 as bytes from (select body from linernotes.ledger limit 1000) b',
  );
  const buffers = await pool.query<{ bytes: number }>(
    `select pg_size_bytes(current_setting('shared_buffers'))::float8 as bytes`,
  );
  const keys = new Set<string>();
  say('measuring');
  const before = await cpuOf(pool);
  const found = await timed(async () => {
    const asked = someKeys();
    for (const key of asked) keys.add(key);
    await ledger.find(...SHELF, asked, 0);
  });
  const cpu = (await cpuOf(pool)) - before;
  const stored = await timed(() => ledger.store(someKeys().map(entryOf)));
  const claimed = await timed((n) =>
    claimAndRelease(
      ledger,
      Array.from({ length: KEYS }, (_, i) => `${n}-${i}`),
    ),
  );
  ledger.close();
  return [
    measured('entries', rows, 'rows'),
    measured('a body', body.rows[0]?.bytes ?? 0, 'bytes'),
    measured('on disk, index included', (size.rows[0]?.bytes ?? 0) / rows, 'bytes/row'),
    measured("the database's own cache", (buffers.rows[0]?.bytes ?? 0) / MB, 'MB'),
    measured('load of the machine', loadavg()[0] ?? 0, ''),
    measured('distinct keys looked up', keys.size, 'keys'),
    ...rowsOf(`find ${KEYS} keys`, found),
    measured(`  CPU of it, here and in the database`, cpu / ROUNDS, 'ms'),
    measured(`store ${KEYS} entries, median`, quantile(stored, 0.5), 'ms'),
    measured(`store ${KEYS} entries, 95 % within`, quantile(stored, 0.95), 'ms'),
    measured(`claim and release ${KEYS} keys, median`, quantile(claimed, 0.5), 'ms'),
    measured(`claim and release ${KEYS} keys, 95 % within`, quantile(claimed, 0.95), 'ms'),
  ];
}

async function onDatabaseOfItsOwn(server: string): Promise<readonly Row[]> {
  const name = `bench_ledger_${process.pid}`;
  const admin = new pg.Client({ connectionString: server });
  await admin.connect();
  await admin.query(`create database ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  const pool = openPool({ url: url.href, max: 1, name: 'bench', onLost: () => undefined });
  try {
    await prepareDatabase(pool);
    await fill(pool);
    return await measure(pool);
  } finally {
    await pool.end();
    await admin.query(`drop database ${name} with (force)`);
    await admin.end();
  }
}

async function onPostgres(work: (server: string) => Promise<readonly Row[]>): Promise<readonly Row[]> {
  const { DATABASE_URL: given } = process.env;
  if (given !== undefined) return work(given);
  const postgres = await loneService('postgres', { sharedBuffersMb: Number(values.buffers) });
  try {
    return await work(postgres.address);
  } finally {
    await postgres.stop();
  }
}

process.exitCode = printReport('ledger', await onPostgres(onDatabaseOfItsOwn), values.json === true);
