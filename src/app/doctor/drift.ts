import { recentDrift } from '#adapters/postgres/contract.ts';
import { openPool } from '#adapters/postgres/pool.ts';
import { driftLine } from '../contract.ts';
import { bad, type Finding, good, looked } from './finding.ts';

const WHAT = 'answers of providers';
const MOST_TOLD = 3;
const UNDEFINED_TABLE = '42P01';

const isNotThere = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === UNDEFINED_TABLE;

/** Whether answers of today and yesterday were as agreed. A database that nobody has used yet has none. */
export const driftFinding = (databaseUrl: string): Promise<Finding> =>
  looked(WHAT, 'Start Postgres, or correct DATABASE_URL.', async () => {
    const pool = openPool({ url: databaseUrl, max: 1, name: 'linernotes doctor', onLost: () => undefined });
    try {
      const drift = await recentDrift(pool);
      if (drift.length === 0) return good(WHAT, 'are as agreed, today and yesterday');
      const more = drift.length > MOST_TOLD ? `; and ${drift.length - MOST_TOLD} more` : '';
      const mend = 'Look at the samples in `linernotes status --json`, then see docs/operations.md on changed answers.';
      return bad(WHAT, `${drift.slice(0, MOST_TOLD).map(driftLine).join('; ')}${more}`, mend);
    } catch (error) {
      if (isNotThere(error)) return good(WHAT, 'none were stored yet');
      throw error;
    } finally {
      await pool.end();
    }
  });
