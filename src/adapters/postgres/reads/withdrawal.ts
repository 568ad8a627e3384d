import type { Pool } from 'pg';
import { storedKey } from '#adapters/postgres/ledger-entries.ts';
import type { WithdrawalPlan, WithdrawnTrack } from '#feed/withdrawal-ports.ts';
import { type AnswerKey, answersOfRecording, answersOfTrack } from '#projector/own-answers.ts';
import type { TrackState } from '#track/state.ts';

const WITHDRAWN = `
  select track_id as "trackId", by, at, reason, position is not null as erased from linernotes.withdrawn where track_id = $1`;

const TRACK = 'select name, artists, raw, sections from tracks where track_id = $1';

const COUNTS = `
  select (select count(*) from playlist_tracks where track_id = $1) as sightings,
    (select count(*) from dead_letters where track_id = $1) as letters,
    (select count(*) from linernotes.feed where type in ('track', 'letter') and body ->> 'trackId' = $1) as "feedEntries"`;

const ANSWERS = `
  select provider, count(*) as answers from linernotes.ledger
  where (provider, kind, key) in (select * from unnest($1::text[], $2::text[], $3::text[])) group by provider order by provider`;

const SAME_RECORDING = 'select count(*) as tracks from tracks where isrc = any($1::text[]) and track_id <> $2';

/** How a track was withdrawn; `null` when it was not. */
export async function readWithdrawn(pool: Pool, trackId: string): Promise<WithdrawnTrack | null> {
  const { rows } = await pool.query<WithdrawnTrack>({ name: 'read-withdrawn', text: WITHDRAWN, values: [trackId] });
  return rows[0] ?? null;
}

type Counts = Pick<WithdrawalPlan, 'sightings' | 'letters' | 'feedEntries'>;
type Row = Pick<TrackState, 'raw' | 'sections'> & Pick<WithdrawalPlan, 'name' | 'artists'>;

/** What the withdrawal of a track would erase, as things stand. */
export async function readWithdrawalPlan(pool: Pool, trackId: string): Promise<WithdrawalPlan> {
  const [withdrawn, tracks, counts] = await Promise.all([
    readWithdrawn(pool, trackId),
    pool.query<Row>(TRACK, [trackId]),
    pool.query<Counts>(COUNTS, [trackId]),
  ]);
  const [track] = tracks.rows;
  const recording = track === undefined ? { isrcs: [], answers: [] } : answersOfRecording(track);
  const same = await pool.query<{ tracks: number }>(SAME_RECORDING, [recording.isrcs, trackId]);
  const others = same.rows[0]?.tracks ?? 0;
  const own = answersOfTrack(trackId);
  const shared = others === 0 ? {} : await answersUnder(pool, recording.answers);
  return {
    trackId,
    name: track?.name ?? null,
    artists: track?.artists ?? [],
    ...(counts.rows[0] ?? { sightings: 0, letters: 0, feedEntries: 0 }),
    answers: await answersUnder(pool, others === 0 ? [...own, ...recording.answers] : own),
    shared: { answers: Object.values(shared).reduce((sum, count) => sum + count, 0), tracks: others },
    withdrawn,
  };
}

async function answersUnder(pool: Pool, keys: readonly AnswerKey[]): Promise<Readonly<Record<string, number>>> {
  const columns = [
    keys.map(({ provider }) => provider),
    keys.map(({ kind }) => kind),
    keys.map(({ key }) => storedKey(key)),
  ];
  const { rows } = await pool.query<{ provider: string; answers: number }>(ANSWERS, columns);
  return Object.fromEntries(rows.map(({ provider, answers }) => [provider, answers]));
}
