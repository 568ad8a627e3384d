import { type Drift, recentDrift } from '#adapters/postgres/contract.ts';
import { openPool } from '#adapters/postgres/pool.ts';
import { PAGE_KIND } from '#providers/web-player/drift.ts';
import { driftLine } from '../contract.ts';
import { bad, type Finding, good, looked } from './finding.ts';

const WHAT = 'answers of providers';
const MOST_TOLD = 3;
/** Of pages, a few are always slow, regional or half drawn; past this share the layout has changed. */
const PAGE_LIMIT = 0.1;
const UNDEFINED_TABLE = '42P01';

const isNotThere = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === UNDEFINED_TABLE;

/** An answer of an API has its shape or not; a page counts by its share. */
export const isAlarming = ({ kind, mismatches, answers }: Pick<Drift, 'kind' | 'mismatches' | 'answers'>): boolean =>
  kind !== PAGE_KIND || mismatches > answers * PAGE_LIMIT;

/** Whether answers of today and yesterday were as agreed. A database that nobody has used yet has none. */
export const driftFinding = (databaseUrl: string): Promise<Finding> =>
  looked(WHAT, 'Start Postgres, or correct DATABASE_URL.', async () => {
    const pool = openPool({ url: databaseUrl, max: 1, name: 'linernotes doctor', onLost: () => undefined });
    try {
      const drift = (await recentDrift(pool)).filter(isAlarming);
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
