import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { configOf } from '#app/config.ts';
import { registerSchemas } from '#app/schemas/register.ts';
import { startStandIns } from '#app/start/sandbox-env.ts';
import { applyTopics } from '#app/topics/apply.ts';
import { onCluster } from '#app/topics/cluster.ts';
import { readTopics } from '#app/topics/manifest.ts';
import { startServices } from '#local/services.ts';
import type { Sandbox, SandboxOptions } from '#sandbox/start.ts';

export type BenchPlatform = {
  readonly brokers: readonly string[];
  readonly registryUrl: string;
  /** All that a worker needs: addresses, and the sandbox's credentials for all providers. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly sandbox: Sandbox;
  stop(): Promise<void>;
};

const ROOT = resolve('.linernotes');

/** What a benchmark wants otherwise: limits of the stand-ins, and variables of the workers. */
type PlatformOptions = { readonly limits?: SandboxOptions['limits']; readonly env?: BenchPlatform['env'] };

/** Services with empty data, topics, schemas and the providers' stand-ins. Credentials of this machine are not used. */
export async function startBenchPlatform(
  log: (line: string) => void,
  { limits = {}, env = {} }: PlatformOptions = {},
): Promise<BenchPlatform> {
  // Named like the state of tests, which clear away what killed runs left.
  const stateDir = join(ROOT, `test-bench-${process.pid}`);
  const services = await startServices({
    stateDir,
    downloads: join(ROOT, 'downloads'),
    env: process.env,
    durable: false,
    log,
  });
  const stopServices = async (): Promise<void> => {
    await services.stop();
    rmSync(stateDir, { recursive: true, force: true });
  };
  try {
    const brokers = services.kafkaBrokers.join(',');
    await onCluster(brokers, log, (admin) => applyTopics(admin, readTopics()));
    await registerSchemas({ url: services.schemaRegistryUrl, log: { warn: (_, message) => log(message) } });
    const read = configOf({ SANDBOX_PACE: 'zero' });
    if (!read.ok) throw new Error('The empty configuration is no configuration.');
    const { given, sandbox } = await startStandIns({}, read.config, limits);
    if (sandbox === null) throw new Error('The sandbox did not start.');
    return {
      brokers: services.kafkaBrokers,
      registryUrl: services.schemaRegistryUrl,
      env: {
        ...given,
        LOG_LEVEL: 'warn',
        KAFKA_BROKERS: brokers,
        SCHEMA_REGISTRY_URL: services.schemaRegistryUrl,
        DATABASE_URL: services.databaseUrl,
        CHROMIUM_PATH: services.chromiumPath,
        ...env,
      },
      sandbox,
      stop: async () => {
        await sandbox.stop();
        await stopServices();
      },
    };
  } catch (error) {
    await stopServices();
    throw error;
  }
}
