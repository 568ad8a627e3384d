import { fetchHttp } from '#adapters/http/fetch.ts';
import { memoryGovernor } from '#adapters/memory/governor.ts';
import { memoryLedger } from '#adapters/memory/ledger.ts';
import { postgresGovernor } from '#adapters/postgres/governor.ts';
import { postgresLedger } from '#adapters/postgres/ledger.ts';
import type { Clients } from '#phases/stages.ts';
import { type Budget, evenly } from '#providers/budget.ts';
import { type ChartmetricClient, chartmetricClient } from '#providers/chartmetric/client.ts';
import { bulkMlcClient } from '#providers/mlc/bulk/client.ts';
import type { BulkStore } from '#providers/mlc/bulk/store.ts';
import { type MlcClient, mlcClient } from '#providers/mlc/client.ts';
import { type MusicBrainzClient, musicbrainzClient } from '#providers/musicbrainz/client.ts';
import type { ProviderPorts } from '#providers/provider-ports.ts';
import { reccobeatsClient } from '#providers/reccobeats/client.ts';
import { scarcityOf } from '#providers/scarcity.ts';
import { type SpotifyClient, spotifyClient } from '#providers/spotify/client.ts';
import { webPlayerClient } from '#providers/web-player/client.ts';
import type { PageReader } from '#providers/web-player/page.ts';
import type { PhaseName } from '#track/phase.ts';
import type { Config } from './config.ts';
import type { Connections } from './connect.ts';
import { VERSION } from './version.ts';

/** How long a question waits for company: replays longer, but hardly where calls are plenty. */
const LINGER = { live: 50, replay: 2_000 };

const lingerOf = (perSecond: number) => ({ ...LINGER, replay: LINGER.replay * scarcityOf(perSecond) });

/** Budgets by account. Spotify counts over 30 seconds and publishes no number, so a second's calls may go at once there. */
export const budgetsOf = (config: Config): Readonly<Record<string, Budget>> => ({
  spotify: { perSecond: config.SPOTIFY_PER_SECOND, burst: config.SPOTIFY_PER_SECOND, learns: true },
  'web-player': evenly(config.CREDITS_PER_SECOND),
  mlc: evenly(config.MLC_PER_SECOND),
  musicbrainz: evenly(config.MUSICBRAINZ_PER_SECOND),
  chartmetric: evenly(config.CHARTMETRIC_PER_SECOND),
  reccobeats: { perSecond: config.RECCOBEATS_PER_SECOND, burst: 1, learns: true },
});

/** What every client of a worker needs: network, the ledger and the governor of all processes, clock. */
export const sharedPorts = (config: Config, { pool, now }: Pick<Connections, 'pool' | 'now'>): ProviderPorts => ({
  http: fetchHttp,
  ledger: postgresLedger(pool, config.LEDGER_LEASE_MS),
  governor: postgresGovernor(pool, budgetsOf(config), now),
  now,
  freshness: config.FRESHNESS,
});

/** The same for a process that is alone and may have no database: nothing is remembered. */
export const providerPorts = (config: Config, now: () => number): ProviderPorts => ({
  http: fetchHttp,
  ledger: memoryLedger(),
  governor: memoryGovernor(budgetsOf(config), now),
  now,
  freshness: config.FRESHNESS,
});

/**
 * The clients for which there are credentials.
 * @param reader reads pages of the web player; `null` where no credits are read
 * @param bulk feeds of The MLC, which are read instead of its API; `null` where its operator has none
 */
export function providersOf(
  config: Config,
  ports: ProviderPorts,
  reader: PageReader | null = null,
  bulk: BulkStore | null = null,
): Clients {
  return {
    spotify: spotifyOf(config, ports),
    webPlayer: reader === null ? null : webPlayerClient({ webUrl: config.SPOTIFY_WEB_URL }, { ...ports, reader }),
    mlc: bulk === null ? mlcOf(config, ports) : bulkMlcClient(bulk),
    musicbrainz: musicbrainzOf(config, ports),
    chartmetric: chartmetricOf(config, ports),
    reccobeats:
      config.RECCOBEATS_URL === undefined
        ? null
        : reccobeatsClient({ url: config.RECCOBEATS_URL, lingerMs: lingerOf(config.RECCOBEATS_PER_SECOND) }, ports),
  };
}

function spotifyOf(config: Config, ports: ProviderPorts): SpotifyClient | null {
  const { SPOTIFY_CLIENT_ID: clientId, SPOTIFY_CLIENT_SECRET: clientSecret } = config;
  if (clientId === undefined || clientSecret === undefined) return null;
  const { SPOTIFY_API_URL: apiUrl, SPOTIFY_ACCOUNTS_URL: accountsUrl, SPOTIFY_MARKET: market = null } = config;
  const lingerMs = lingerOf(config.SPOTIFY_PER_SECOND);
  return spotifyClient({ apiUrl, accountsUrl, market, clientId, clientSecret, lingerMs }, ports);
}

function mlcOf(config: Config, ports: ProviderPorts): MlcClient | null {
  const { MLC_USERNAME: username, MLC_PASSWORD: password, MLC_API_URL: apiUrl } = config;
  if (username === undefined || password === undefined) return null;
  const scarcity = scarcityOf(config.MLC_PER_SECOND);
  const lingerMs = lingerOf(config.MLC_PER_SECOND);
  return mlcClient({ apiUrl, username, password, lingerMs, scarcity }, ports);
}

function musicbrainzOf(config: Config, ports: ProviderPorts): MusicBrainzClient | null {
  const { MUSICBRAINZ_CONTACT: contact, MUSICBRAINZ_URL: url } = config;
  const scarcity = scarcityOf(config.MUSICBRAINZ_PER_SECOND);
  return contact === undefined ? null : musicbrainzClient({ url, contact, version: VERSION, scarcity }, ports);
}

function chartmetricOf(config: Config, ports: ProviderPorts): ChartmetricClient | null {
  const { CHARTMETRIC_REFRESH_TOKEN: refreshToken, CHARTMETRIC_API_URL: apiUrl } = config;
  return refreshToken === undefined ? null : chartmetricClient({ apiUrl, refreshToken }, ports);
}

/** Where a phase's facts come from. Sandbox data is always called sandbox data. */
export type ProviderMode = 'real' | 'sandbox' | 'off';

const CREDENTIAL = {
  spotify: 'SPOTIFY_CLIENT_ID',
  credits: 'CREDITS_SCRAPE',
  publishing: 'MLC_USERNAME',
  links: 'MUSICBRAINZ_CONTACT',
  analytics: 'CHARTMETRIC_REFRESH_TOKEN',
} as const satisfies Record<PhaseName, keyof Config>;

/** The mode of each phase, from its credentials; those that `npm start` fills in for the sandbox say so in their value. */
export function modesOf(config: Config): Readonly<Record<PhaseName, ProviderMode>> {
  const modeOf = (phase: PhaseName): ProviderMode => {
    if (phase === 'publishing' && config.MLC_BULK_DIR !== undefined) return 'real';
    const value = config[CREDENTIAL[phase]];
    if (value === undefined || value === 'off') return 'off';
    return config.LINERNOTES_SANDBOX.includes(phase) ? 'sandbox' : 'real';
  };
  return {
    spotify: modeOf('spotify'),
    credits: modeOf('credits'),
    publishing: modeOf('publishing'),
    links: modeOf('links'),
    analytics: modeOf('analytics'),
  };
}
