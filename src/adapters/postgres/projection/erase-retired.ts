import type { PoolClient } from 'pg';

/** Tables of retired read models in which something of a track stands. Their layout is an earlier one: only what is there is named. */
const PLACES = `
  select m.name as schema, c.table_name as "table", array_agg(c.column_name::text) as columns
  from linernotes.read_models m join information_schema.columns c on c.table_schema = m.name
  where m.state = 'retired' and c.table_name in ('tracks', 'playlist_tracks', 'dead_letters')
    and c.column_name in ('track_id', 'message')
  group by m.name, c.table_name order by m.name, c.table_name`;

type Place = { readonly schema: string; readonly table: string; readonly columns: readonly string[] };

/** Erases withdrawn tracks from read models that nobody reads any more, as long as they are kept. */
export async function eraseRetired(client: PoolClient, trackIds: readonly string[]): Promise<void> {
  const { rows } = await client.query<Place>(PLACES);
  for (const { schema, table, columns } of rows) {
    if (!columns.includes('track_id')) continue;
    const name = `${client.escapeIdentifier(schema)}.${client.escapeIdentifier(table)}`;
    if (table !== 'dead_letters')
      await client.query(`delete from ${name} where track_id = any($1::text[])`, [trackIds]);
    else if (columns.includes('message'))
      await client.query(`update ${name} set message = '' where track_id = any($1::text[])`, [trackIds]);
  }
}
