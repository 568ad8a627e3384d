import type { Pool } from 'pg';
import type { SeenGroups } from '#stream/ports.ts';

const HAS = `
  select exists (
    select from linernotes.seen_groups where consumer_group = $1 and topic = $2 and partition = $3::int
  ) as seen`;

const NOTE = `
  insert into linernotes.seen_groups (consumer_group, topic, partition) values ($1, $2, $3::int)
  on conflict do nothing`;

/** Kept where no retention of Kafka's reaches it. */
export const postgresSeenGroups = (pool: Pool): SeenGroups => ({
  async has(group, { topic, partition }) {
    const values = [group, topic, partition];
    const { rows } = await pool.query<{ seen: boolean }>({ name: 'seen-groups-has', text: HAS, values });
    return rows[0]?.seen === true;
  },
  async note(group, { topic, partition }) {
    await pool.query({ name: 'seen-groups-note', text: NOTE, values: [group, topic, partition] });
  },
});
