import { type Services, startServices } from '#local/services.ts';
import type { Sandbox } from '#sandbox/start.ts';
import { type Config, configOf, type Problem } from '../config.ts';
import { registerSchemas } from '../schemas/register.ts';
import { applyTopics } from '../topics/apply.ts';
import { onCluster } from '../topics/cluster.ts';
import { readTopics } from '../topics/manifest.ts';
import { startStandIns } from './sandbox-env.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** Everything under the pipeline: services, stand-ins, topics and schemas, and the configuration that names them. */
export type Platform = {
  readonly config: Config;
  /** What leads other processes to it; no credentials. */
  readonly env: Env;
  readonly services: Services;
  readonly sandbox: Sandbox | null;
  stop(): Promise<void>;
};

export type PlatformOptions = {
  readonly env: Env;
  readonly config: Config;
  readonly fresh: boolean;
  readonly log: (line: string) => void;
};

/** Brings the platform up. What did start is stopped again when something does not. */
export async function startPlatform(
  options: PlatformOptions,
): Promise<Platform | { readonly problems: readonly Problem[] }> {
  const { env, config, fresh, log } = options;
  const services = await startServices({ stateDir: config.LINERNOTES_STATE, env: { ...env }, fresh, log });
  try {
    return await onServices(services, options);
  } catch (error) {
    await services.stop();
    throw error;
  }
}

async function onServices(
  services: Services,
  { env, config, log }: PlatformOptions,
): Promise<Platform | { readonly problems: readonly Problem[] }> {
  const { given, sandbox } = await startStandIns(env, config);
  const stop = async () => {
    await sandbox?.stop();
    await services.stop();
  };
  const brokers = services.kafkaBrokers.join(',');
  const addresses = {
    KAFKA_BROKERS: brokers,
    SCHEMA_REGISTRY_URL: services.schemaRegistryUrl,
    DATABASE_URL: services.databaseUrl,
    CHROMIUM_PATH: services.chromiumPath,
  };
  const read = configOf({ ...env, ...given, ...addresses });
  if (!read.ok) {
    await stop();
    return { problems: read.problems };
  }
  await prepare(brokers, services.schemaRegistryUrl, read.config, log);
  return { config: read.config, env: { ...given, ...addresses }, services, sandbox, stop };
}

/** Topics and schemas as the files say; both change nothing where nothing differs. */
async function prepare(
  brokers: string,
  registryUrl: string,
  config: Config,
  log: (line: string) => void,
): Promise<void> {
  const wanted = readTopics({ replication: config.KAFKA_REPLICATION });
  const topics = await onCluster(brokers, log, (admin) => applyTopics(admin, wanted));
  if (topics.applied.length > 0) log(`${topics.applied.length} topics made or changed`);
  for (const { topic } of topics.refused)
    log(`topic ${topic} differs from its file and was left as it is: linernotes topics plan`);
  const schemas = await registerSchemas({ url: registryUrl, log: { warn: (_, message) => log(message) } });
  const refused = schemas.filter(({ state }) => state === 'refused');
  if (refused.length > 0)
    throw new Error(
      `The registry refuses ${refused.map(({ subject }) => subject).join(', ')}: linernotes schemas check`,
    );
}
