import type { Pool } from 'pg';
import type { LetterItem } from '#feed/letter-ports.ts';
import type { TrackDetail } from '#feed/ports.ts';
import { trackItem } from '#projector/feed-entry.ts';
import { LETTER } from './letters.ts';
import { ITEM, type ItemRow } from './tracks.ts';

type Detail = Pick<TrackDetail, 'summary' | 'conflicts' | 'raw' | 'sections' | 'reports' | 'appearances'>;

const TRACK = `select ${ITEM} from tracks t where t.track_id = $1`;
const DETAIL = 'select summary, conflicts, raw, sections, reports, appearances from tracks where track_id = $1';

const PLAYLISTS = `
  select p.playlist_id as "playlistId", p.name, t.snapshot_id as "snapshotId", t.positions, t.current
  from playlist_tracks t join playlists p using (playlist_id) where t.track_id = $1
  order by t.current desc, p.playlist_id, t.snapshot_id`;

const RUNS = `
  select t.run_id as "runId", t.place, t.degraded from run_tracks t join runs r using (run_id) where t.track_id = $1
  order by r.first_at desc, t.run_id`;

const LETTERS_OF = `
  select ${LETTER} from dead_letters t where t.track_id = $1 order by t.at, t.letter_id`;

/** Everything about one track, or `null` when it was never seen. */
export async function readTrack(pool: Pool, trackId: string): Promise<TrackDetail | null> {
  const of = [trackId];
  const [tracks, details, playlists, runs, letters] = await Promise.all([
    pool.query<ItemRow>(TRACK, of),
    pool.query<Detail>(DETAIL, of),
    pool.query<TrackDetail['playlists'][number]>(PLAYLISTS, of),
    pool.query<TrackDetail['runs'][number]>(RUNS, of),
    pool.query<LetterItem>(LETTERS_OF, of),
  ]);
  const [row] = tracks.rows;
  const [detail] = details.rows;
  if (row === undefined || detail === undefined) return null;
  return { ...trackItem(row), ...detail, playlists: playlists.rows, runs: runs.rows, letters: letters.rows };
}
