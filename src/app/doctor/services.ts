import type { Pool } from 'pg';
import { openPool } from '#adapters/postgres/pool.ts';
import { readStanding } from '#adapters/postgres/reads/standing.ts';
import type { Config } from '../config.ts';
import type { Addresses } from '../connect.ts';
import { checkSchemas } from '../schemas/check.ts';
import { standingLine } from '../status.ts';
import { livePlan } from '../topics/apply.ts';
import { onCluster } from '../topics/cluster.ts';
import { readTopics } from '../topics/manifest.ts';
import { driftFinding } from './drift.ts';
import { bad, type Finding, good, looked } from './finding.ts';

const quiet = { warn: () => undefined };

/** Broker, registry and database: whether they answer, and whether they hold what this release needs. */
export const servicesFindings = (
  { brokers, registryUrl, databaseUrl }: Addresses,
  config: Config,
): readonly Promise<Finding>[] => [
  looked('Kafka', 'Start the broker, or correct KAFKA_BROKERS.', async () => {
    const wanted = readTopics({ replication: config.KAFKA_REPLICATION });
    const changes = await onCluster(
      brokers.join(','),
      () => undefined,
      (admin) => livePlan(admin, wanted),
    );
    return changes.length === 0
      ? good('Kafka', `${brokers.join(', ')} answers, ${wanted.length} topics are as their files say`)
      : bad('Kafka', `${changes.length} topics differ from their files`, 'linernotes topics plan, then apply');
  }),
  looked(
    'schema registry',
    'Start the registry, or correct SCHEMA_REGISTRY_URL (with its path, e.g. /apis/ccompat/v7).',
    async () => {
      const findings = await checkSchemas({ url: registryUrl, log: quiet });
      const refused = findings.filter(({ state }) => state !== 'registered');
      return refused.length === 0
        ? good('schema registry', `${registryUrl} answers, ${findings.length} schemas are registered`)
        : bad(
            'schema registry',
            `${refused.map(({ subject, state }) => `${subject}: ${state}`).join(', ')}`,
            'linernotes schemas check, then register',
          );
    },
  ),
  looked('stages', 'Mend Postgres first.', () => onPool(databaseUrl, stagesFinding)),
  looked('Postgres', 'Start Postgres, or correct DATABASE_URL.', () =>
    onPool(databaseUrl, async (pool) => {
      const { rows } = await pool.query<{ version: number; text: string }>(
        "select current_setting('server_version_num')::int as version, current_setting('server_version') as text",
      );
      const [{ version, text } = { version: 0, text: 'unknown' }] = rows;
      return version >= 150_000
        ? good('Postgres', `version ${text}`)
        : bad('Postgres', `version ${text}`, 'Use Postgres 15 or newer.');
    }),
  ),
  driftFinding(databaseUrl),
];

async function onPool(databaseUrl: string, look: (pool: Pool) => Promise<Finding>): Promise<Finding> {
  const pool = openPool({ url: databaseUrl, max: 1, name: 'linernotes doctor', onLost: () => undefined });
  try {
    return await look(pool);
  } finally {
    await pool.end();
  }
}

/** A database that no worker has prepared yet knows of no stage. */
async function stagesFinding(pool: Pool): Promise<Finding> {
  const { rows } = await pool.query<{ known: boolean }>(
    "select to_regclass('linernotes.stage_halts') is not null as known",
  );
  const standing = rows[0]?.known === true ? await readStanding(pool) : [];
  return standing.length === 0
    ? good('stages', 'none is paused, bypassed or halted')
    : bad('stages', standing.map(standingLine).join(' · '), 'docs/operations.md: when a stage does not work as ever');
}
