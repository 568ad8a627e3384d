import type { Pool } from 'pg';
import type { StartCounter } from '#stream/ports.ts';

const BEGUN = `
  insert into linernotes.stage_starts as s (consumer_group, topic, partition, first_offset, starts)
  values ($1, $2, $3::int, $4::bigint, 1)
  on conflict (consumer_group, topic, partition, first_offset) do update set starts = s.starts + 1
  returning starts`;

const SETTLED = `
  delete from linernotes.stage_starts
  where consumer_group = $1 and topic = $2 and partition = $3::int and first_offset < $4::bigint`;

/** Starts are counted outside every batch's transaction: a count must outlive the process that dies on the batch. */
export function postgresStarts(pool: Pool): StartCounter {
  return {
    async begun(group, { topic, partition, offset }) {
      const values = [group, topic, partition, offset];
      const { rows } = await pool.query<{ starts: number }>({ name: 'starts-begun', text: BEGUN, values });
      return rows[0]?.starts ?? 1;
    },
    async settled(group, { topic, partition, offset }) {
      const values = [group, topic, partition, offset];
      await pool.query({ name: 'starts-settled', text: SETTLED, values });
    },
  };
}
