import { z } from 'zod';
import { ALIASES } from '#stream/aliases.ts';
import { phaseName } from '#track/phase.ts';
import { freshnessVariable } from './freshness.ts';
import { age, between, count, onOff, origin, port, text } from './variables.ts';

/**
 * The configuration: environment variables, all in one object, all problems reported at once. `docs/configuration.md` is generated
 * from here. Durations end in `_MS`, sizes in `_BYTES`.
 */

export const configuration = z.object({
  KAFKA_BROKERS: text('Kafka brokers, `host:port`, separated by commas.'),
  SCHEMA_REGISTRY_URL: text('Confluent-compatible schema registry; a path is allowed.'),
  DATABASE_URL: text('Postgres 15 or newer, `postgres://user:password@host:port/database`.'),
  CHROMIUM_PATH: text('Chromium or Chrome executable for the credits phase.'),
  HOST: z.string().default('127.0.0.1').describe('Address on which the feed and the metrics listen.'),
  PORT: port(8080, 'Port of the feed; 0 takes a free one.'),
  METRICS_PORT: port(0, 'Port of a worker’s /metrics, /healthz and /readyz; 0 takes a free one.'),
  LOG_LEVEL: z
    .enum(['debug', 'info', 'warn', 'error', 'silent'])
    .default('info')
    .describe('Least level that is logged.'),

  LOG_FILE: text('File to which the log is appended, one JSON object a line; stderr when absent.'),

  SPOTIFY_CLIENT_ID: text('Client id of a Spotify app; with the secret it turns the spotify phase on.'),
  SPOTIFY_CLIENT_SECRET: text('Client secret of the Spotify app.'),
  SPOTIFY_ACCOUNTS_URL: origin('https://accounts.spotify.com', 'Origin of the Spotify token endpoint.'),
  SPOTIFY_API_URL: origin('https://api.spotify.com', 'Origin of the Spotify Web API.'),
  SPOTIFY_WEB_URL: origin('https://open.spotify.com', 'Origin of the Spotify web player.'),
  SPOTIFY_MARKET: z
    .string()
    .regex(/^[A-Z]{2}$/, 'expected two capital letters such as DE')
    .optional()
    .describe('Country in which tracks must be playable; Spotify may then answer another track. Best left out.'),
  SPOTIFY_PER_SECOND: count(
    2,
    'Calls per second to the Spotify Web API to begin with; its limit is not published and is learned from refusals.',
  ),
  RECCOBEATS_URL: z
    .url({ protocol: /^https?$/, error: 'expected an http or https origin such as https://api.reccobeats.com' })
    .transform((url) => new URL(url).origin)
    .optional()
    .describe(
      'Origin of ReccoBeats, a free second source of audio features where Spotify gives none; off when absent.',
    ),
  RECCOBEATS_PER_SECOND: count(2, 'Calls per second to ReccoBeats to begin with; its limit is not published.'),
  CREDITS_SCRAPE: onOff('`on` reads credits from web-player pages. Read docs/operations.md on the terms first.'),
  CREDITS_TABS: count(2, 'Browser tabs open at once, of all processes that share the database.'),
  CREDITS_NICE: between(0, 19, 5, 'How much the browser gives way to other processes: 0, not at all, to 19.'),
  CREDITS_BROWSER_MAX_BYTES: count(
    1_500_000_000,
    'Resident memory over which a browser, all its processes together, gives way to a new one; where Linux tells it.',
  ),
  CREDITS_PER_SECOND: count(1, 'Pages per second.'),
  CREDITS_EVIDENCE_DIR: text(
    'Folder for pages whose credits cannot be read, the newest fifty; none are kept unless it is set.',
  ),
  MLC_USERNAME: text('User of the MLC Public Search API; with the password it turns the publishing phase on.'),
  MLC_PASSWORD: text('Password of that user.'),
  MLC_API_URL: origin('https://public-api.themlc.com', 'Origin of the MLC API.'),
  MLC_BULK_DIR: text(
    'Folder with a bulk feed of The MLC (DDEX BWARM); it turns the publishing phase on, which then makes no calls.',
  ),
  MLC_PER_SECOND: count(2, 'Calls per second to The MLC.'),
  MUSICBRAINZ_CONTACT: text('E-mail address or URL that MusicBrainz asks for; it turns the links phase on.'),
  MUSICBRAINZ_URL: origin('https://musicbrainz.org', 'Origin of MusicBrainz, or of a mirror.'),
  MUSICBRAINZ_PER_SECOND: count(1, 'Calls per second to MusicBrainz; more only on a mirror of your own.'),
  CHARTMETRIC_REFRESH_TOKEN: text('Refresh token of a Chartmetric account; it turns the analytics phase on.'),
  CHARTMETRIC_API_URL: origin('https://api.chartmetric.com', 'Origin of the Chartmetric API.'),
  CHARTMETRIC_PER_SECOND: count(1, 'Calls per second of the Chartmetric plan.'),
  MAX_WRITERS: count(3, 'Writers of a track whose links are looked up.'),

  LEDGER_LEASE_MS: count(5_000, 'How long keys that a dead process asked a provider for stay claimed.'),
  LEDGER_MAX_ENTRIES: count(20_000_000, 'Most provider answers that are kept; the oldest make room.'),
  LEDGER_PRUNE_EVERY_MS: count(21_600_000, 'How often what is kept too long is dropped.'),
  FRESHNESS: freshnessVariable,
  SPOTIFY_RETENTION_DAYS: count(365, 'How long answers of the Spotify Web API are kept.'),
  WEB_PLAYER_RETENTION_DAYS: count(365, 'How long answers of the Spotify web player are kept.'),
  MLC_RETENTION_DAYS: count(365, 'How long answers of The MLC are kept.'),
  MUSICBRAINZ_RETENTION_DAYS: count(365, 'How long answers of MusicBrainz are kept.'),
  RECCOBEATS_RETENTION_DAYS: count(365, 'How long answers of ReccoBeats are kept.'),
  CHARTMETRIC_RETENTION_DAYS: count(365, 'How long answers of Chartmetric are kept.'),

  PATIENCE_MS: count(60_000, 'How long a stage waits out a provider that is down before it degrades.'),
  PROVIDER_BACK_PER_SECOND: z.coerce
    .number()
    .int()
    .min(0)
    .default(20)
    .describe('Letters a second that are redriven by themselves once a provider is back; 0: none, people do it.'),
  BYPASS_AFTER: count(50, 'So many records failed by one cause make a stage send events on at once, as failed.'),
  BYPASS_OF: count(200, 'Of how many records, the last ones, BYPASS_AFTER is counted.'),
  BYPASS_PROBE_MS: count(30_000, 'How often a bypassing stage tries one record; three that go well end the bypass.'),
  HALT_AFTER: count(100, 'So many records that got a letter without going on, or met a bug, halt a stage.'),
  HALT_OF: count(1_000, 'Of how many records, the last ones, HALT_AFTER is counted.'),
  RETRY_ATTEMPTS: count(4, 'How often a message is tried before the phase gives it up.'),
  RETRY_BASE_MS: count(250, 'First wait before a retry; doubles, with full jitter.'),
  RETRY_MAX_MS: count(10_000, 'Longest wait before a retry.'),
  BATCH_LINGER_MS: count(50, 'How long a batch waits to be filled after its first message.'),
  KAFKA_SESSION_TIMEOUT_MS: count(10_000, 'After this silence the broker gives a member’s partitions away.'),
  DEAD_LETTER_ALIASES: z
    .string()
    .default('')
    .transform((names) => names.split(',').filter((name) => name !== ''))
    .pipe(z.array(z.enum(ALIASES)))
    .describe(
      'Whose names the headers of dead letters get beside ours, separated by commas: `spring` (`kafka_dlt-…`), `connect` (`__connect.errors.…`). All values are text.',
    ),
  KAFKA_REPLICATION: count(1, 'Replication factor of topics that `topics apply` creates.'),
  DRAIN_DEADLINE_MS: count(20_000, 'How long a worker may finish what it has in hand after SIGTERM.'),
  REFRESH_EVERY: age('7d')
    .optional()
    .describe('How often measurements older than REFRESH_OLDER_THAN are made again, such as `7d`; never when absent.'),
  REFRESH_OLDER_THAN: age('7d')
    .default('7d')
    .describe('How old a measurement is when a scheduled refresh renews it; at least `1d`.'),
  REPLAY_WINDOW: count(300, 'Most tracks of one replay that are in its lanes at a time.'),
  INGEST_MAX_BYTES: count(33_554_432, 'Largest playlist file.'),
  INGEST_MAX_ROWS: count(100_000, 'Most rows of one playlist file.'),

  SANDBOX_PACE: z
    .enum(['demo', 'real', 'zero'])
    .default('demo')
    .describe('Pace of the sandbox: quick, lifelike, or without latency.'),
  LINERNOTES_SANDBOX: z
    .string()
    .default('')
    .transform((phases) => phases.split(',').filter((phase) => phase !== ''))
    .pipe(z.array(phaseName))
    .describe(
      'Phases whose provider is the sandbox, separated by commas. `npm start` sets it; it only says so to people.',
    ),
  LINERNOTES_DOCKER: z
    .enum(['on', 'off'])
    .default('on')
    .describe('`off`: `npm start` and the tests do not use a Docker engine, even if one answers.'),
  LINERNOTES_STATE: z.string().default('.linernotes').describe('Folder for the state of `npm start`.'),
});

export type Config = z.infer<typeof configuration>;

/** One variable that cannot be used, in words: its name, what it holds, what it should. */
export type Problem = { readonly variable: string; readonly message: string };

/** Names whose value is never shown. */
const SECRET = /SECRET|PASSWORD|TOKEN|DATABASE_URL/;

/**
 * Reads the configuration from an environment. An empty variable counts as absent.
 * @returns the configuration, or every problem at once
 */
export function configOf(
  env: Readonly<Record<string, string | undefined>>,
): { readonly ok: true; readonly config: Config } | { readonly ok: false; readonly problems: readonly Problem[] } {
  const given = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value.trim() !== ''),
  );
  const read = configuration.safeParse(given);
  const problems = [
    ...(read.success ? [] : read.error.issues.map((issue) => problemOf(issue, given))),
    ...pairProblems(given),
  ];
  return read.success && problems.length === 0 ? { ok: true, config: read.data } : { ok: false, problems };
}

function problemOf(issue: z.core.$ZodIssue, given: Readonly<Record<string, string | undefined>>): Problem {
  const variable = String(issue.path[0]);
  const shown = SECRET.test(variable) ? 'a value that is not shown' : `"${given[variable]}"`;
  return { variable, message: `${variable} is ${shown}: ${issue.message}.` };
}

const PAIRS = [
  ['SPOTIFY_CLIENT_ID', 'SPOTIFY_CLIENT_SECRET'],
  ['MLC_USERNAME', 'MLC_PASSWORD'],
] as const;

/** Half of a pair of credentials is a mistake, not a phase that is off. */
const pairProblems = (given: Readonly<Record<string, string | undefined>>): Problem[] =>
  PAIRS.flatMap(([a, b]) => {
    if ((given[a] === undefined) === (given[b] === undefined)) return [];
    const [set, missing] = given[a] === undefined ? [b, a] : [a, b];
    return [
      {
        variable: missing,
        message: `${missing} is not set, but ${set} is: set both, or neither to turn the phase off.`,
      },
    ];
  });
