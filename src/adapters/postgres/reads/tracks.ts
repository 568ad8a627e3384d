import type { Pool } from 'pg';
import { asProperties, TRACKS } from '#adapters/postgres/projection/columns.ts';
import type { Page } from '#feed/page.ts';
import type { TrackQuery } from '#feed/ports.ts';
import { type TrackItem, trackItem } from '#projector/feed-entry.ts';
import type { TrackRow } from '#projector/track-row.ts';
import { conditions, pageOf } from './page.ts';

/** Columns of a list: all but what only a track's own page needs. */
const DETAIL: readonly string[] = ['summary', 'conflicts', 'state'];

export const ITEM = asProperties(
  Object.keys(TRACKS).filter((property) => !DETAIL.includes(property)),
  't',
);

export type ItemRow = Parameters<typeof trackItem>[0];

/** `%` and `_` in what people type are letters. */
const containing = (typed: string | null): string | null =>
  typed === null ? null : `%${typed.replace(/[\\%_]/g, (wildcard) => `\\${wildcard}`)}%`;

const FOUND = `(t.name ilike ? or exists (select from unnest(t.artists) a where a ilike ?))`;

/** Tracks, the latest seen first. */
export async function readTracks(pool: Pool, query: TrackQuery): Promise<Page<TrackItem>> {
  const filter = conditions();
  const { where } = filter;
  if (query.run !== null) where(query.run, 'rt.run_id = ?');
  whereStatus(query, where);
  where(query.publisherStatus, 't.publisher_status = ?');
  where(query.playlist, 't.track_id in (select track_id from playlist_tracks where playlist_id = ? and current)');
  whereFound(query.q, where);
  filter.whereAfter(query.after, 't.first_seen_at', 't.track_id');
  const limit = filter.place(query.limit + 1);
  const { rows } = await pool.query<ItemRow>(
    `select ${ITEM} from tracks t ${query.run === null ? '' : 'join run_tracks rt using (track_id)'} ${filter.text()}
     order by t.first_seen_at desc, t.track_id limit ${limit}`,
    filter.values,
  );
  return pageOf(rows.map(trackItem), query.limit, ({ firstSeenAt, trackId }) => ({ at: firstSeenAt, id: trackId }));
}

type Where = ReturnType<typeof conditions>['where'];

function whereStatus({ status, run }: TrackQuery, where: Where): void {
  const of = run === null ? 't' : 'rt';
  if (status === 'degraded') where(true, `${of}.degraded = ?`);
  else where(status, `${run === null ? 't.status' : 'rt.place'} = ?`);
}

/** Nothing typed finds everything, tracks without a name too. */
function whereFound(q: string | null, where: Where): void {
  if (q === null || q === '') return;
  if (/^[0-9A-Za-z]{22}$/.test(q)) where(q, 't.track_id = ?');
  else if (/^[A-Za-z]{2}[A-Za-z0-9]{3}\d{7}$/.test(q)) where(q.toUpperCase(), 't.isrc = ?');
  else where(containing(q), FOUND);
}

export type DetailRow = TrackRow & ItemRow;
