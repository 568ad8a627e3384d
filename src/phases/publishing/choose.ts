import { isDeepStrictEqual } from 'node:util';
import type { WorkFacts } from '#providers/mlc/facts.ts';
import { sameName } from './names.ts';
import { isOriginal, statedShares } from './publishers.ts';
import { titleMatch } from './titles.ts';
import { type KnownWriter, shared } from './writers.ts';

/** What a work is compared with. */
export type Wanted = { readonly title: string; readonly writers: readonly KnownWriter[] };

type Titled = {
  readonly title: string;
  readonly akas?: readonly string[];
  readonly writers: readonly { readonly name: string; readonly ipi: string | null }[];
};

/** What speaks for a work being the song of the track. */
export type Likeness = {
  readonly title: ReturnType<typeof titleMatch>;
  /** Known writers who are writers of the work. */
  readonly shared: number;
  /** Those of all writers on either side, from 0 to 1: strangers on a work speak against it. */
  readonly overlap: number;
};

export function likenessOf({ title, writers }: Wanted, work: Titled): Likeness {
  const common = shared(writers, work.writers).length;
  const all = writers.length + work.writers.length - common;
  return {
    title: titleMatch(title, [work.title, ...(work.akas ?? [])]),
    shared: common,
    overlap: all === 0 ? 0 : common / all,
  };
}

/**
 * Several works can match one recording: compared by these numbers in turn, the greater one is the better match. A work of
 * strangers stands behind all others; then the title, the writers, and last how completely it is registered.
 */
function merits(wanted: Wanted, work: WorkFacts): readonly number[] {
  const { title, shared: common, overlap } = likenessOf(wanted, work);
  const { total } = statedShares(work.publishers.filter(isOriginal));
  return [Math.min(common, 1), title, common, overlap, Math.min(total ?? 0, 100), work.publishers.length];
}

function compare(a: readonly number[], b: readonly number[]): number {
  const first = a.findIndex((merit, index) => merit !== b[index]);
  return first < 0 ? 0 : (b[first] ?? 0) - (a[first] ?? 0);
}

/** The works in the order of how well they match. */
export const ranked = (wanted: Wanted, works: readonly WorkFacts[]): readonly WorkFacts[] =>
  works
    .map((work) => ({ work, merits: merits(wanted, work) }))
    .sort((a, b) => compare(a.merits, b.merits) || (a.work.songCode < b.work.songCode ? -1 : 1))
    .map(({ work }) => work);

/**
 * Whether title and writers are evidence that a work is the track's, where no ISRC says so: the same title and a writer in common, or
 * nearly the same title and all of the shorter list of writers. A title alone, or a writer alone, never is.
 */
export function isEvident(wanted: Wanted, work: Titled): boolean {
  const { title, shared: common } = likenessOf(wanted, work);
  const shorter = Math.min(wanted.writers.length, work.writers.length);
  return common > 0 && (title === 2 || (title === 1 && common === shorter));
}

const sameTeam = (a: WorkFacts, b: WorkFacts): boolean =>
  [[a, b] as const, [b, a] as const].some(([one, other]) =>
    one.writers.every(({ name }) => other.writers.some((writer) => sameName(name, writer.name))),
  );

/**
 * Why the best of the works found by title may not be the track's after all, in sentences; none when it is sure enough. Fewer than
 * half of all writers agree; or a work of another team matches as well. Two works of one team are one song registered twice.
 * @param works ranked
 */
export function doubtsOf(wanted: Wanted, works: readonly WorkFacts[]): readonly string[] {
  const [best, ...others] = works;
  if (best === undefined) return [];
  const likeness = likenessOf(wanted, best);
  const rivals = others.filter(
    (work) => isDeepStrictEqual(likenessOf(wanted, work), likeness) && !sameTeam(best, work),
  );
  return [
    ...(likeness.overlap < 0.5
      ? ['Most of the writers on either side are not on the other: it may be another song of this title.']
      : []),
    ...(rivals.length === 0
      ? []
      : [`Works by others match as well: ${rivals.map(({ songCode }) => songCode).join(', ')}.`]),
  ];
}
