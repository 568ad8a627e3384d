import { endingOf } from '#phases/shared/ending.ts';
import type { Asking } from '#providers/answer.ts';
import type { MlcClient } from '#providers/mlc/client.ts';
import type { SongsFacts, WorkFacts } from '#providers/mlc/facts.ts';
import { failed, ok, type Result } from '#stream/result.ts';
import { isEvident, likenessOf, type Wanted } from './choose.ts';
import { plainTitle } from './titles.ts';

/** The works that an answer leads to, none when there are none, and when the oldest of the answers was given. */
export type Found = { readonly works: readonly WorkFacts[]; readonly at: number };

/** A popular title has many works; more than this are read for nobody. */
const MOST_CANDIDATES = 10;

async function worksOf(
  client: MlcClient,
  codes: readonly string[],
  at: number,
  asking: Asking,
): Promise<Result<Found>> {
  const answers = await Promise.all(codes.map((code) => client.works(code, asking)));
  const ended = endingOf(answers);
  if ('failure' in ended) return failed(ended.failure);
  const found = answers.flatMap((answer) => (answer.kind === 'found' ? [answer] : []));
  return ok({
    works: found.map(({ facts }) => facts),
    at: Math.min(at, ...found.map(({ fetchedAt }) => fetchedAt)),
  });
}

/** The works that recordings of this ISRC are matched to. */
export async function worksByIsrc(client: MlcClient, isrc: string, asking: Asking): Promise<Result<Found>> {
  const recordings = await client.recordings(isrc, asking);
  if (recordings.kind === 'failed') return failed(recordings.failure);
  const codes = recordings.kind === 'found' ? recordings.facts.songCodes : [];
  return worksOf(client, codes, recordings.fetchedAt, asking);
}

/** Those worth reading. Their titles are judged when they are read: the search does not tell alternative ones. */
const candidates = (wanted: Wanted, { songs }: SongsFacts): readonly string[] =>
  songs
    .map((song) => ({ code: song.songCode, likeness: likenessOf(wanted, song) }))
    .filter(({ likeness }) => likeness.shared > 0)
    .sort((a, b) => b.likeness.title - a.likeness.title || b.likeness.overlap - a.likeness.overlap)
    .slice(0, MOST_CANDIDATES)
    .map(({ code }) => code);

/**
 * The works that title and writers together are evidence for; what else the search lists is left alone.
 * @param wanted with a title and at least one writer
 */
export async function worksByTitle(client: MlcClient, wanted: Wanted, asking: Asking): Promise<Result<Found>> {
  const songs = await client.songs({ ...wanted, title: plainTitle(wanted.title) }, asking);
  if (songs.kind === 'failed') return failed(songs.failure);
  const codes = songs.kind === 'found' ? candidates(wanted, songs.facts) : [];
  const found = await worksOf(client, [...new Set(codes)], songs.fetchedAt, asking);
  if (!found.ok) return found;
  return ok({ ...found.value, works: found.value.works.filter((work) => isEvident(wanted, work)) });
}
