import type { WorkFacts } from '#providers/mlc/facts.ts';
import type { TrackEvent } from '#track/event.ts';
import type { CreditRole } from '#track/sections/credits.ts';
import { sameName, titleOf } from './names.ts';
import { totalShare } from './publishers.ts';

const SONGWRITING: readonly CreditRole[] = ['writer', 'composer', 'lyricist'];

/** The writers that other phases know, as they name them: the credits page, else works at MusicBrainz, else Chartmetric. */
export function knownWriters({ sections }: TrackEvent): readonly string[] {
  const credited = (sections.credits.people?.value.contributors ?? [])
    .filter(({ roles }) => roles.some(({ role }) => SONGWRITING.includes(role)))
    .map(({ name }) => name);
  const linked = (sections.links.recording?.value.works ?? []).flatMap(({ writers }) =>
    writers.map(({ name }) => name),
  );
  const listed = sections.analytics.profile?.value.songwriters ?? [];
  return [credited, linked, listed].find((names) => names.length > 0) ?? [];
}

const titleKnown = ({ sections, raw }: TrackEvent): string => sections.spotify.core?.value.name ?? raw.name ?? '';

/** Several works can match one ISRC: compared by these numbers in turn, the greater one is the better match. */
const merits = (event: TrackEvent, work: WorkFacts): readonly number[] => [
  knownWriters(event).filter((name) => work.writers.some((writer) => sameName(name, writer.name))).length,
  titleOf(titleKnown(event), work.title) ? 1 : 0,
  totalShare(work.publishers) ?? 0,
  work.publishers.length,
  work.writers.length,
];

function compare(a: readonly number[], b: readonly number[]): number {
  const first = a.findIndex((merit, index) => merit !== b[index]);
  return first < 0 ? 0 : (b[first] ?? 0) - (a[first] ?? 0);
}

/** The works in the order of how well they match: shared writers, title, then how completely they are registered. */
export const ranked = (event: TrackEvent, works: readonly WorkFacts[]): readonly WorkFacts[] =>
  works
    .map((work) => ({ work, merits: merits(event, work) }))
    .sort((a, b) => compare(a.merits, b.merits) || (a.work.songCode < b.work.songCode ? -1 : 1))
    .map(({ work }) => work);
