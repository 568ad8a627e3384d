import type { LinkedWriter, LinksSection } from '#track/sections/links.ts';
import type { Part } from '#track/sections/part.ts';
import { distinctBy } from './distinct.ts';
import { type Identified, writersOf } from './match.ts';
import type { Context } from './recording.ts';
import { type Known, ranked } from './recordings.ts';

type RecordingFacts = NonNullable<LinksSection['recording']>['value'];
type WritersFacts = NonNullable<LinksSection['writers']>['value'];

/** The recording part, or `null` when nothing was found under the key. */
export function recordingPart(context: Context, askedBy: string, known: Known): Part<RecordingFacts> | null {
  const recordings = ranked(context.recordings, known);
  const [best] = recordings;
  if (best === undefined) return null;
  const works = context.works.map((work) => ({
    mbid: work.id,
    title: work.title,
    iswcs: [...work.iswcs],
    writers: writersOf(work).map(({ id, name, role }) => ({ mbid: id, name, role })),
  }));
  const value = { mbids: recordings.map(({ id }) => id), title: best.title, works, isrcs: [...context.isrcs] };
  return { provider: 'musicbrainz', fetchedAt: context.at, askedBy, value };
}

/** The writers part, or `null` when nobody of them was found at all. */
export function writersPart(
  writers: readonly LinkedWriter[],
  fetchedAt: number,
  askedBy: string,
): Part<WritersFacts> | null {
  if (writers.every(({ mbid }) => mbid === null)) return null;
  return { provider: 'musicbrainz', fetchedAt, askedBy, value: { writers: [...writers] } };
}

/** The writers that the works themselves name, each once, for tracks whose writers nobody else knows. */
export const writersOfWorks = (context: Context, most: number): readonly Identified[] =>
  distinctBy(context.works.flatMap(writersOf), ({ id }) => id)
    .slice(0, most)
    .map(({ id, name }) => ({ name, mbid: id, ipi: null, matchedBy: 'work_relation' }));
