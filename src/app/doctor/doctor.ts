import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { type Config, configOf } from '../config.ts';
import { addressesOf } from '../connect.ts';
import { modesOf, providerPorts, providersOf } from '../providers.ts';
import { bad, type Finding, good, looked, off } from './finding.ts';
import { bulkFinding } from './mlc-bulk.ts';
import { providerFindings } from './providers.ts';
import { servicesFindings } from './services.ts';

const WANTED_NODE = 24;

function nodeFinding(): Finding {
  const major = Number(process.versions.node.split('.')[0]);
  return major >= WANTED_NODE
    ? good('Node', process.versions.node)
    : bad('Node', process.versions.node, 'Run it by `npm run linernotes -- …`, which brings Node 24.');
}

function chromiumFinding({ CHROMIUM_PATH: path, CREDITS_SCRAPE: scrape }: Config): Promise<Finding> {
  if (scrape === 'off') return Promise.resolve(off('Chromium', 'not needed while credits are off', 'Nothing.'));
  if (path === undefined)
    return Promise.resolve(bad('Chromium', 'CHROMIUM_PATH is not set', 'Set it to a Chromium or Chrome executable.'));
  return looked('Chromium', 'Correct CHROMIUM_PATH.', async () => {
    const { stdout } = await promisify(execFile)(path, ['--version', '--no-sandbox']);
    return good('Chromium', stdout.trim());
  });
}

/** Looks at configuration, services, versions and credentials. Never throws: what is broken is a finding with its mend. */
export async function examine(env: Readonly<Record<string, string | undefined>>): Promise<readonly Finding[]> {
  const read = configOf(env);
  if (!read.ok)
    return [
      nodeFinding(),
      ...read.problems.map(({ variable, message }) => bad(variable, message, 'See docs/configuration.md.')),
    ];
  const { config } = read;
  const addresses = addressesOf(config);
  const services =
    'problems' in addresses
      ? addresses.problems.map(({ variable, message }) =>
          Promise.resolve(bad(variable, message, 'Set it, or run `npm start`.')),
        )
      : servicesFindings(addresses, config);
  const clients = providersOf(config, providerPorts(config, Date.now));
  return Promise.all([
    nodeFinding(),
    good('configuration', 'every variable can be used'),
    ...services,
    chromiumFinding(config),
    ...(config.MLC_BULK_DIR !== undefined && config.DATABASE_URL !== undefined
      ? [bulkFinding(config.MLC_BULK_DIR, config.DATABASE_URL)]
      : []),
    ...providerFindings(clients, modesOf(config), Date.now()),
  ]);
}
