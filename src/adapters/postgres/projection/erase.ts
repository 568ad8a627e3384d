import type { PoolClient } from 'pg';
import { storedKey } from '#adapters/postgres/ledger-entries.ts';
import type { AnswerKey } from '#projector/own-answers.ts';
import type { Erasure } from '#projector/ports.ts';
import { eraseRetired } from './erase-retired.ts';

const ROWS = 'delete from tracks where track_id = any($1::text[])';
const SIGHTINGS = 'delete from playlist_tracks where track_id = any($1::text[])';
const MESSAGES = `update dead_letters set message = '' where track_id = any($1::text[]) and message <> ''`;

/** The feed keeps its numbers: whoever reads on from an old place is told of the withdrawal instead. */
const FEED = `
  update linernotes.feed set type = 'withdrawn', body = jsonb_build_object('trackId', body ->> 'trackId')
  where type in ('track', 'letter') and body ->> 'trackId' = any($1::text[])`;

/** Samples of answers that were not as agreed are looked through for the track's id. */
const SAMPLES = `
  update linernotes.contract set sample = '' where exists (
    select from unnest($1::text[]) as t (id) where strpos(sample, t.id) > 0)`;

/** Locked in the order of the primary key first, so that nobody waits in a ring. */
const ANSWERS = `
  with gone as (
    select provider, kind, key from linernotes.ledger
    where (provider, kind, key) in (select * from unnest($1::text[], $2::text[], $3::text[]))
    order by provider, kind, key for update)
  delete from linernotes.ledger l using gone g where l.provider = g.provider and l.kind = g.kind and l.key = g.key`;

/** Asked of the live read model: one that is being filled does not know the other tracks yet. */
const SHARED = 'select from public.tracks where isrc = any($1::text[]) and track_id <> $2 limit 1';

async function erasable(client: PoolClient, { trackId, answers, recording }: Erasure): Promise<readonly AnswerKey[]> {
  if (recording.isrcs.length === 0) return [...answers, ...recording.answers];
  const { rowCount } = await client.query({ name: 'isrc-shared', text: SHARED, values: [recording.isrcs, trackId] });
  return rowCount === 0 ? [...answers, ...recording.answers] : answers;
}

/** Erases withdrawn tracks from the read model that comes first on the search path, and from nothing else. */
export async function eraseRows(client: PoolClient, trackIds: readonly string[]): Promise<void> {
  for (const text of [ROWS, SIGHTINGS, MESSAGES]) await client.query(text, [trackIds]);
}

/**
 * Erases withdrawn tracks from the read model, the feed, the ledger and the samples of answers. Their letters stay, for they stand on
 * their topics; what they say does not.
 */
export async function erase(client: PoolClient, erasures: readonly Erasure[]): Promise<void> {
  const gone: AnswerKey[] = [];
  for (const erasure of erasures) gone.push(...(await erasable(client, erasure)));
  const keys = [
    gone.map(({ provider }) => provider),
    gone.map(({ kind }) => kind),
    gone.map(({ key }) => storedKey(key)),
  ];
  await client.query({ name: 'erase-rows', text: ROWS, values: [erasures.map(({ trackId }) => trackId)] });
  await client.query({ name: 'erase-answers', text: ANSWERS, values: keys });
  const whole = [erasures.flatMap((erasure) => (erasure.whole ? [erasure.trackId] : []))];
  if (whole[0]?.length === 0) return;
  for (const text of [SIGHTINGS, MESSAGES, FEED, SAMPLES]) await client.query(text, whole);
  await eraseRetired(client, whole[0] ?? []);
}
