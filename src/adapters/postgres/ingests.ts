import type { Pool } from 'pg';
import type { IngestStore } from '#ingest/ports.ts';
import type { Position } from '#stream/record.ts';

const FIND = 'select state, begins_at as "from" from linernotes.ingests where run_id = $1';

const BEGIN = `
  insert into linernotes.ingests (run_id, state, begins_at) values ($1, 'publishing', $2::jsonb)
  on conflict (run_id) do nothing`;

const FINISH = `
  update linernotes.ingests set state = 'published', published_at = now() where run_id = $1 and state = 'publishing'`;

type Row = { readonly state: 'publishing' | 'published'; readonly from: readonly Position[] };

/** How far the publishing of each run got. Commits at once: it must outlive the process that publishes. */
export function postgresIngests(pool: Pool): IngestStore {
  return {
    async find(runId) {
      const { rows } = await pool.query<Row>(FIND, [runId]);
      const [row] = rows;
      if (row === undefined) return null;
      return row.state === 'published' ? { state: 'published' } : { state: 'publishing', from: row.from };
    },
    async begin(runId, from) {
      await pool.query(BEGIN, [runId, JSON.stringify(from)]);
    },
    async finish(runId) {
      await pool.query(FINISH, [runId]);
    },
  };
}
