import { PAGE_READER_DEFAULTS, pageReader } from '#adapters/browser/page-reader.ts';
import { postgresPlaces } from '#adapters/postgres/places.ts';
import { openPool } from '#adapters/postgres/pool.ts';
import { bareEnvironment } from '#local/environment.ts';

// A worker with a browser that reads one page after another, several at a time, in places that it shares with other processes.

const {
  DATABASE_URL = '',
  PAGE_URL = '',
  TABS = '1',
  LEASE_MS = '10000',
  CHROMIUM = '',
  CHROMIUM_ARGS = '[]',
} = process.env;
const pool = openPool({ url: DATABASE_URL, max: 4, name: 'reading', onLost: () => undefined });
const { read } = pageReader({
  ...PAGE_READER_DEFAULTS,
  executablePath: CHROMIUM,
  args: JSON.parse(CHROMIUM_ARGS),
  env: bareEnvironment(process.env),
  places: postgresPlaces(pool, { account: 'web-player', tabs: Number(TABS), leaseMs: Number(LEASE_MS) }),
});
const scope = { lane: 'live', signal: new AbortController().signal } as const;

const admit = async (): Promise<null> => {
  process.stdout.write('reading\n');
  return null;
};

let pages = 0;
const reader = async (): Promise<never> => {
  for (;;) {
    pages += 1;
    // Chromium asks for one address at a time only once.
    const url = `${PAGE_URL}-${process.pid}-${pages}`;
    const { status, trouble } = await read({ url, credits: false, scope, admit });
    process.stdout.write(`${trouble?.code ?? status}\n`);
  }
};

await Promise.all(Array.from({ length: 2 * Number(TABS) }, reader));
