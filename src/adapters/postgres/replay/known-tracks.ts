import type { Pool } from 'pg';
import { conditions } from '#adapters/postgres/reads/page.ts';
import { withdrawnAmong } from '#adapters/postgres/withdrawn.ts';
import type { KnownTracks, Window } from '#replay/ports.ts';
import type { StoredSelection } from '#replay/selection.ts';
import { compileWhere } from '#replay/where.ts';
import type { TrackState } from '#track/state.ts';

const STATE = 't.track_id as "trackId", t.raw, t.appearances, t.sections, t.reports';

/** A withdrawal that the projector has not come to yet counts too. */
const STAYS = 'not exists (select from linernotes.withdrawn w where w.track_id = t.track_id)';

const STATES = `select ${STATE} from tracks t where t.track_id = any($1::text[]) and ${STAYS}`;

/** The tracks that a replay sends again, out of the live read model by its public views. */
export const knownTracks = (pool: Pool): KnownTracks => ({
  async selected(selection, startedAt, window) {
    const { text, values } = selectedText(selection, startedAt, window);
    return (await pool.query<TrackState>(text, values)).rows;
  },
  async states(trackIds) {
    const { rows } = await pool.query<TrackState>(STATES, [trackIds]);
    return new Map(rows.map((state) => [state.trackId, state]));
  },
  withdrawn: (trackIds) => withdrawnAmong(pool, trackIds),
});

function selectedText(selection: StoredSelection, startedAt: number, { after, limit }: Window) {
  const filter = conditions();
  narrow(filter, selection, startedAt);
  filter.whereThat(STAYS);
  filter.where(after, 't.track_id > ?');
  const most = filter.place(limit);
  const text = `select ${STATE} from tracks t ${filter.text()} order by t.track_id limit ${most}`;
  return { text, values: filter.values };
}

type Filter = ReturnType<typeof conditions>;

const IN_RUN = 't.track_id in (select r.track_id from run_tracks r where r.run_id = ?)';

function narrow(filter: Filter, selection: StoredSelection, startedAt: number): void {
  switch (selection.kind) {
    case 'tracks':
      filter.where(selection.ids, 't.track_id = any(?::text[])');
      // Told by id a track is meant whenever it was seen; all else is closed at the start.
      return;
    case 'run':
      filter.where(selection.runId, IN_RUN);
      break;
    case 'playlist': {
      const [playlist, snapshot] = [filter.place(selection.playlistId), filter.place(selection.snapshotId)];
      filter.whereThat(`t.track_id in (
        select p.track_id from playlist_tracks p where p.playlist_id = ${playlist} and p.snapshot_id = ${snapshot})`);
      break;
    }
    case 'where':
      narrowBy(filter, selection.where, startedAt);
  }
  filter.where(new Date(startedAt).toISOString(), 't.first_seen_at <= ?::timestamptz');
}

/** The condition was read when the replay was ordered; its parameters follow those that are there. */
function narrowBy(filter: Filter, where: string, startedAt: number): void {
  const compiled = compileWhere(where, startedAt);
  if ('wrong' in compiled) throw new Error(`The replay's condition is not readable any more: ${compiled.wrong}`);
  const places = compiled.values.map((value) => filter.place(value));
  filter.whereThat(
    `(${compiled.text.replaceAll(/\$(\d+)/g, (_, number: string) => places[Number(number) - 1] ?? '')})`,
  );
}
