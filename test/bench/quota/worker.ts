import { randomUUID } from 'node:crypto';
import { setTimeout as elapsed } from 'node:timers/promises';
import { postgresClock } from '#adapters/postgres/clock.ts';
import { openPool } from '#adapters/postgres/pool.ts';
import { keptClock } from '#app/clock.ts';
import { configOf } from '#app/config.ts';
import { providersOf, sharedPorts } from '#app/providers.ts';
import type { Answer, Asking } from '#providers/answer.ts';
import { CALL_DEFAULTS, caller } from '#providers/call.ts';
import { refusalOfMusicBrainz } from '#providers/musicbrainz/refusal.ts';
import { spotifyToken } from '#providers/spotify/token.ts';
import { sendSamples } from '#test/bench/support/samples.ts';

/** The process under test: it always has more to ask of every provider than it may, and counts what it was answered. */

const {
  SPOTIFY_CLIENT_ID: clientId = '',
  SPOTIFY_CLIENT_SECRET: clientSecret = '',
  DATABASE_URL: url = '',
} = process.env;
const read = configOf(process.env);
if (!read.ok) throw new Error(JSON.stringify(read.problems));
const { config } = read;
const pool = openPool({ url, max: 6, name: 'quota', onLost: () => undefined });
const { now, clock } = await keptClock(postgresClock(pool));
const ports = sharedPorts(config, { pool, now });
const { chartmetric, mlc } = providersOf(config, ports);
if (chartmetric === null || mlc === null) throw new Error('The sandbox gives credentials for both.');

const spotify = caller(
  {
    ...CALL_DEFAULTS,
    origin: config.SPOTIFY_API_URL,
    account: 'spotify',
    token: spotifyToken({ accountsUrl: config.SPOTIFY_ACCOUNTS_URL, clientId, clientSecret }, ports.http, now),
  },
  ports,
);
const musicbrainz = caller(
  {
    ...CALL_DEFAULTS,
    origin: config.MUSICBRAINZ_URL,
    account: 'musicbrainz',
    headers: { 'user-agent': `linernotes/bench ( ${config.MUSICBRAINZ_CONTACT} )` },
    refusal: refusalOfMusicBrainz,
  },
  ports,
);

const signal = new AbortController().signal;
const scope = { lane: 'live', signal } as const;
const asking = (): Asking => ({ lane: 'live', signal, now: now(), notBefore: null });
const digits = (count: number): string => String(Math.floor(Math.random() * 10 ** count)).padStart(count, '0');

/** How long to wait before the next question, in milliseconds; `null` when this one was answered. */
type Asked = () => Promise<number | null>;

const waitOf = (answer: Answer<unknown>): number | null =>
  answer.kind === 'failed' ? (answer.failure.retryAfterMs ?? 200) : null;

const called =
  (call: ReturnType<typeof caller>, pathOf: () => string): Asked =>
  async () => {
    const answer = await call({ method: 'GET', path: pathOf(), body: null }, scope);
    return answer.ok ? null : (answer.failure.retryAfterMs ?? 200);
  };

const QUESTIONS: Readonly<Record<string, Asked>> = {
  spotify: called(spotify, () => `/v1/tracks/${randomUUID().replaceAll('-', '').slice(0, 22)}`),
  musicbrainz: called(musicbrainz, () => `/ws/2/artist/${randomUUID()}?fmt=json`),
  chartmetric: async () => waitOf(await chartmetric.idByIsrc(`ZZAAA${digits(7)}`, asking())),
  mlc: async () => waitOf(await mlc.recordings(`ZZAAA${digits(7)}`, asking())),
};

/** So many ask at once: more than a second's calls of the largest plan. */
const ASKERS = 40;
const done: Record<string, number> = {};

async function askOn(name: string, ask: Asked): Promise<void> {
  for (;;) {
    const wait = await ask();
    if (wait === null) done[name] = (done[name] ?? 0) + 1;
    else await elapsed(wait);
  }
}

for (const [name, ask] of Object.entries(QUESTIONS))
  for (let asker = 0; asker < ASKERS; asker += 1)
    askOn(name, ask).catch((error: unknown) => {
      process.stderr.write(`${name}: ${String(error)}\n`);
      process.exit(1);
    });
// As stages do: it keeps the process's distance to the one clock.
setInterval(() => void clock().catch(() => undefined), 1_000);
sendSamples(done, async () => undefined);
