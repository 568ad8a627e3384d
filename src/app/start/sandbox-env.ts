import { sandboxCredentials } from '#sandbox/credentials.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from '#sandbox/start.ts';
import { PHASES, type PhaseName } from '#track/phase.ts';
import type { Config } from '../config.ts';
import { modesOf } from '../providers.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** What a phase needs from the environment, all of which the sandbox can give. */
const VARIABLES: Readonly<Record<PhaseName, readonly string[]>> = {
  spotify: ['SPOTIFY_CLIENT_ID', 'SPOTIFY_CLIENT_SECRET', 'SPOTIFY_ACCOUNTS_URL', 'SPOTIFY_API_URL'],
  credits: ['CREDITS_SCRAPE', 'SPOTIFY_WEB_URL'],
  publishing: ['MLC_USERNAME', 'MLC_PASSWORD', 'MLC_API_URL'],
  links: ['MUSICBRAINZ_CONTACT', 'MUSICBRAINZ_URL'],
  analytics: ['CHARTMETRIC_REFRESH_TOKEN', 'CHARTMETRIC_API_URL'],
};

/** Calls a second that a stand-in takes; at the pace `real` the defaults hold, which are those of the real services. */
const QUICK = '1000';
const BUDGET: Readonly<Record<PhaseName, string>> = {
  spotify: 'SPOTIFY_PER_SECOND',
  credits: 'CREDITS_PER_SECOND',
  publishing: 'MLC_PER_SECOND',
  links: 'MUSICBRAINZ_PER_SECOND',
  analytics: 'CHARTMETRIC_PER_SECOND',
};

export type Sandboxed = {
  /** What points linernotes at the stand-ins: nothing of it is secret. Empty when every provider is real. */
  readonly given: Env;
  readonly sandbox: Sandbox | null;
};

/**
 * Starts the stand-ins for every phase without credentials of its own.
 * @param limits instead of those of the pace
 */
export async function startStandIns(
  env: Env,
  config: Config,
  limits: SandboxOptions['limits'] = {},
): Promise<Sandboxed> {
  const modes = modesOf(config);
  const phases = PHASES.filter((phase) => modes[phase] === 'off');
  if (phases.length === 0) return { given: {}, sandbox: null };
  const sandbox = await startSandbox({ pace: config.SANDBOX_PACE, limits });
  const offered: Env = { ...sandboxCredentials, ...sandbox.urls };
  const taken = Object.fromEntries(phases.flatMap((phase) => VARIABLES[phase].map((name) => [name, offered[name]])));
  // Only phases that the sandbox serves: a real provider keeps its budget.
  const quick = config.SANDBOX_PACE === 'real' ? [] : phases.map((phase) => BUDGET[phase]);
  const budgets = Object.fromEntries(quick.map((name) => [name, env[name] ?? QUICK]));
  return { given: { ...budgets, ...taken, LINERNOTES_SANDBOX: phases.join(',') }, sandbox };
}
