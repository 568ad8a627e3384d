import { createCatalogue, defaultSeed } from './catalogue/catalogue.ts';
import { chartmetric } from './chartmetric/routes.ts';
import { sandboxCredentials } from './credentials.ts';
import { type Fault, type FaultOrder, type Faults, faultsOf } from './http/faults.ts';
import { type CallRecord, type Calls, ledgerOf } from './http/ledger.ts';
import { listen, originOf, type Surroundings } from './http/origin.ts';
import { type Latency, type PaceName, paces } from './http/pace.ts';
import { type Limit, meterOf } from './http/quota.ts';
import type { Provider, ProviderName } from './http/route.ts';
import { type TabCount, tabsOf } from './http/tabs.ts';
import { tokensOf } from './http/tokens.ts';
import { type Violations, watchOf } from './http/violations.ts';
import { mlc } from './mlc/routes.ts';
import { musicbrainz } from './musicbrainz/routes.ts';
import { reccobeats } from './reccobeats/routes.ts';
import { spotifyAccounts } from './spotify/accounts.ts';
import { spotifyApi } from './spotify/api.ts';
import type { SpotifyProfile } from './spotify/profile.ts';
import { type Mix, type Mixes, mixesOf, mixSchema } from './web-player/mixes.ts';
import { webPlayer } from './web-player/routes.ts';

/** The environment variables that name the origins. */
export const originNames = [
  'SPOTIFY_ACCOUNTS_URL',
  'SPOTIFY_API_URL',
  'SPOTIFY_WEB_URL',
  'MLC_API_URL',
  'MUSICBRAINZ_URL',
  'CHARTMETRIC_API_URL',
  'RECCOBEATS_URL',
] as const;
export type OriginName = (typeof originNames)[number];

export type SandboxOptions = {
  pace: PaceName;
  /** Fixed ports; an origin that is not named, or 0, gets a free one. */
  ports?: Partial<Record<OriginName | 'CONTROL', number>>;
  host?: string;
  seed?: string;
  /** Replaces latencies of the pace, by provider or `provider/endpoint`, in milliseconds. */
  latency?: Readonly<Record<string, Latency>>;
  /** Replaces limits of the pace. */
  limits?: Readonly<Partial<Record<ProviderName, Limit>>>;
  /** What the Spotify account is given at the start. */
  spotifyProfile?: SpotifyProfile;
  /** Which share of the web player's pages are mixes of its cases at the start; none when absent. */
  mix?: Partial<Mix>;
};

/** A running sandbox: its origins, and the control that every origin also has over HTTP (`/_calls`, `/_tabs`, `/_faults`). */
export type Sandbox = {
  urls: Readonly<Record<OriginName, string>>;
  controlUrl: string;
  setFault(order: FaultOrder): Fault;
  clearFaults(): void;
  /** From now on such a share of the web player's pages are mixes of its cases. */
  setMix(mix: Partial<Mix>): void;
  calls(): Calls;
  /** The latest calls one by one. */
  eachCall(): readonly CallRecord[];
  /** Every broken limit of any provider since the last reset. */
  violations(): Violations;
  /** Empties the ledger of calls and forgets the violations and the peak of tabs. */
  resetCalls(): void;
  /** How often each key was asked for at an endpoint. */
  idsAsked(provider: ProviderName, endpoint: string): Readonly<Record<string, number>>;
  /** Pages that are open in browsers, by the sandbox's own count: now, and at most since the last reset. */
  tabs(): TabCount;
  /** Closes all origins and their connections, hanging ones too. */
  stop(): Promise<void>;
};

/** Starts the stand-ins of all providers on the loopback. Fails when a fixed port is taken. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const seed = options.seed ?? defaultSeed;
  const faults = faultsOf(seed, options.spotifyProfile);
  const mixes = mixesOf(options.mix);
  const providers = standIns(seed, options, faults, mixes);
  const surroundings = surroundingsOf(seed, options, { faults, mixes }, Object.values(providers));
  const { ledger, watch, tabs, expireTokens } = surroundings.controls;
  const open = async (name: OriginName | 'CONTROL', provider: Provider | null) => {
    const server = originOf(surroundings, provider);
    return { name, server, url: await listen(server, options.host ?? '127.0.0.1', options.ports?.[name] ?? 0) };
  };
  const control = await open('CONTROL', null);
  const origins = await Promise.all(originNames.map((name) => open(name, providers[name])));
  const url = (name: OriginName): string => origins.find((origin) => origin.name === name)?.url ?? '';
  return {
    urls: {
      SPOTIFY_ACCOUNTS_URL: url('SPOTIFY_ACCOUNTS_URL'),
      SPOTIFY_API_URL: url('SPOTIFY_API_URL'),
      SPOTIFY_WEB_URL: url('SPOTIFY_WEB_URL'),
      MLC_API_URL: url('MLC_API_URL'),
      MUSICBRAINZ_URL: url('MUSICBRAINZ_URL'),
      CHARTMETRIC_API_URL: url('CHARTMETRIC_API_URL'),
      RECCOBEATS_URL: url('RECCOBEATS_URL'),
    },
    controlUrl: control.url,
    setFault: (order) => {
      if (order.mode === 'expire') expireTokens(order.provider);
      return faults.set(order);
    },
    clearFaults: faults.clear,
    setMix: (mix) => mixes.set(mixSchema.parse(mix)),
    calls: ledger.calls,
    eachCall: ledger.each,
    violations: watch.list,
    resetCalls: () => {
      ledger.reset(Date.now());
      watch.reset();
      tabs.reset();
    },
    idsAsked: ledger.ids,
    tabs: tabs.count,
    stop: async () => {
      tabs.close();
      await Promise.all(
        [control, ...origins].map(({ server }) => {
          server.closeAllConnections();
          return new Promise<void>((resolve) => server.close(() => resolve()));
        }),
      );
    },
  };
}

function standIns(seed: string, { pace }: SandboxOptions, faults: Faults, mixes: Mixes): Record<OriginName, Provider> {
  const catalogue = createCatalogue(seed);
  const spotifyTokens = tokensOf('spotify', sandboxCredentials.SPOTIFY_CLIENT_ID);
  return {
    SPOTIFY_ACCOUNTS_URL: spotifyAccounts(spotifyTokens),
    SPOTIFY_API_URL: spotifyApi({ catalogue, tokens: spotifyTokens, profile: faults.profile }),
    SPOTIFY_WEB_URL: webPlayer(catalogue, paces[pace].hydrate, mixes),
    MLC_API_URL: mlc(catalogue, tokensOf('mlc', sandboxCredentials.MLC_USERNAME)),
    MUSICBRAINZ_URL: musicbrainz(catalogue),
    CHARTMETRIC_API_URL: chartmetric(catalogue, tokensOf('chartmetric', 'sandbox-plan')),
    RECCOBEATS_URL: reccobeats(catalogue),
  };
}

function surroundingsOf(
  seed: string,
  options: SandboxOptions,
  { faults, mixes }: { faults: Faults; mixes: Mixes },
  providers: readonly Provider[],
): Surroundings {
  const pace = paces[options.pace];
  const limits = { ...pace.limits, ...options.limits };
  let turns = 0;
  return {
    seed,
    pace: { ...pace, limits, latency: { ...pace.latency, ...options.latency } },
    controls: {
      faults,
      ledger: ledgerOf(Date.now()),
      watch: watchOf(),
      tabs: tabsOf(),
      mixes,
      expireTokens: (name) => {
        for (const provider of providers) if (provider.name === name) provider.expireTokens();
      },
    },
    meters: new Map(Object.entries(limits).map(([name, limit]) => [name, meterOf(limit)])),
    turn: () => {
      turns += 1;
      return turns;
    },
  };
}
