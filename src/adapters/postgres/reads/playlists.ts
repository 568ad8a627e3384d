import type { Pool } from 'pg';
import { asProperties, PLAYLISTS } from '#adapters/postgres/projection/columns.ts';
import type { ListQuery, Page } from '#feed/page.ts';
import type { PlaylistSummary } from '#feed/ports.ts';
import { conditions, pageOf } from './page.ts';

const SUMMARY = asProperties([...Object.keys(PLAYLISTS).filter((property) => property !== 'state'), 'tracks'], 't');

/** Playlists, the latest observed first. */
export async function readPlaylists(pool: Pool, { after, limit }: ListQuery): Promise<Page<PlaylistSummary>> {
  const filter = conditions();
  filter.whereAfter(after, 't.observed_at', 't.playlist_id');
  const most = filter.place(limit + 1);
  const { rows } = await pool.query<PlaylistSummary>(
    `select ${SUMMARY} from playlists t ${filter.text()} order by t.observed_at desc, t.playlist_id limit ${most}`,
    filter.values,
  );
  return pageOf(rows, limit, ({ observedAt, playlistId }) => ({ at: observedAt ?? '', id: playlistId }));
}
