import type { Pool } from 'pg';
import type { Clock } from '#stream/ports.ts';

/** The one clock of all processes: the database's, in milliseconds since the epoch. */
export function postgresClock(pool: Pool): Clock {
  return async () => {
    const { rows } = await pool.query<{ now: number }>({
      name: 'clock',
      text: 'select floor(extract(epoch from clock_timestamp()) * 1000)::bigint as now',
    });
    const now = rows[0]?.now;
    if (now === undefined) throw new Error('The database told no time.');
    return now;
  };
}
