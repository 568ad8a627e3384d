import type { Pool } from 'pg';
import { type KafkaBroker, kafkaBroker } from '#adapters/kafka/broker.ts';
import { postgresClock } from '#adapters/postgres/clock.ts';
import { openPool } from '#adapters/postgres/pool.ts';
import { prepareDatabase } from '#adapters/postgres/prepare.ts';
import type { Codec } from '#adapters/registry/codec.ts';
import { registryCodec } from '#adapters/registry/source.ts';
import type { Clock } from '#stream/ports.ts';
import { keptClock } from './clock.ts';
import type { Config, Problem } from './config.ts';
import { type Logger, logger } from './log.ts';

/** Where the three services are that every worker needs. */
export type Addresses = {
  readonly brokers: readonly string[];
  readonly registryUrl: string;
  readonly databaseUrl: string;
};

/** The addresses of a configuration, or which of them are missing. */
export function addressesOf(config: Config): Addresses | { readonly problems: readonly Problem[] } {
  const { KAFKA_BROKERS: brokers, SCHEMA_REGISTRY_URL: registryUrl, DATABASE_URL: databaseUrl } = config;
  if (brokers && registryUrl && databaseUrl) {
    return { brokers: brokers.split(',').map((broker) => broker.trim()), registryUrl, databaseUrl };
  }
  const missing = Object.entries({
    KAFKA_BROKERS: brokers,
    SCHEMA_REGISTRY_URL: registryUrl,
    DATABASE_URL: databaseUrl,
  });
  return {
    problems: missing
      .filter(([, value]) => !value)
      .map(([variable]) => ({
        variable,
        message: `${variable} is not set, and no \`npm start\` runs here that would tell it: start one, or set it.`,
      })),
  };
}

/** The connections of one worker. */
export type Connections = {
  readonly addresses: Addresses;
  readonly log: Logger;
  readonly broker: KafkaBroker;
  readonly codec: Codec;
  readonly pool: Pool;
  /** The live read model's schema. */
  readonly readModel: string;
  readonly clock: Clock;
  /** An operator has accepted that the log lost records that a group or the read model still wanted. */
  readonly acceptLoss?: boolean;
  /** The same clock without waiting, right to within a batch: milliseconds since the epoch. */
  readonly now: () => number;
  close(): Promise<void>;
};

/** Makes the tables that are not there; answers with the name of the live read model. */
export type Prepare = (pool: Pool) => Promise<string>;

/** Enough for six partitions at work, the clock, and a little. */
const POOL_SIZE = 10;

/**
 * Connects a worker to broker, registry and database, and makes the tables that are not there.
 * @param name which worker, for logs, client ids and pg_stat_activity
 * @throws when the database cannot be reached; broker and registry are reached at first use
 */
export async function connect(
  config: Config,
  addresses: Addresses,
  name: string,
  prepare: Prepare = prepareDatabase,
): Promise<Connections> {
  const log = logger(config.LOG_LEVEL, name, config.LOG_FILE);
  const pool = openPool({
    url: addresses.databaseUrl,
    max: POOL_SIZE,
    name: `linernotes ${name}`,
    onLost: (error) => log.warn({ error: error.message }, 'a database connection was lost'),
  });
  const readModel = await prepare(pool);
  const broker = kafkaBroker({
    brokers: addresses.brokers,
    clientId: `linernotes-${name}`,
    log,
    sessionTimeoutMs: config.KAFKA_SESSION_TIMEOUT_MS,
    rebalanceTimeoutMs: config.KAFKA_SESSION_TIMEOUT_MS,
  });
  return {
    addresses,
    log,
    broker,
    codec: registryCodec({ url: addresses.registryUrl, log }),
    pool,
    readModel,
    ...(await keptClock(postgresClock(pool))),
    close: async () => {
      await broker.close();
      await pool.end();
    },
  };
}
