import type { AskedWriter } from '#providers/mlc/song-question.ts';
import { usable } from '#track/conflict.ts';
import type { TrackEvent } from '#track/event.ts';
import { ipiKey, nameKey } from '#track/names.ts';
import { resolveIsrc } from '#track/resolve.ts';
import type { CreditRole } from '#track/sections/credits.ts';
import { sameName } from './names.ts';

/** A writer as another source than The MLC names them, with the IPI where a surer match than the name told it. */
export type KnownWriter = AskedWriter;

const SONGWRITING: readonly CreditRole[] = ['writer', 'composer', 'lyricist'];

function namesOf({ trackId, sections }: TrackEvent, isrc: string | null): readonly string[] {
  const kept = <Part extends { askedBy: string }>(part: Part | null) => usable(part, trackId, isrc);
  const credited = (kept(sections.credits.people)?.value.contributors ?? [])
    .filter(({ roles }) => roles.some(({ role }) => SONGWRITING.includes(role)))
    .map(({ name }) => name);
  const linked = (kept(sections.links.recording)?.value.works ?? []).flatMap(({ writers }) =>
    writers.map(({ name }) => name),
  );
  const listed = kept(sections.analytics.profile)?.value.songwriters ?? [];
  return [credited, linked, listed].find((names) => names.length > 0) ?? [];
}

/**
 * The writers of a track from the sources other than The MLC, each once: the credits page, else works at MusicBrainz, else
 * Chartmetric. Empty while none is known. What was asked under a key that the track no longer has is not used.
 */
export function knownWriters(event: TrackEvent): readonly KnownWriter[] {
  const isrc = resolveIsrc(event);
  const linked = usable(event.sections.links.writers, event.trackId, isrc)?.value.writers ?? [];
  const ipiOf = (key: string): string | null =>
    linked.find(({ name, matchedBy }) => nameKey(name) === key && matchedBy === 'ipi')?.ipi ?? null;
  const names = new Map(namesOf(event, isrc).map((name) => [nameKey(name), name]));
  names.delete('');
  return [...names].map(([key, name]) => ({ name, ipi: ipiOf(key) }));
}

/** Whether two lists name the same people, in whatever order. */
export const sameNames = (some: readonly string[], others: readonly string[]): boolean =>
  new Set(some.map(nameKey)).symmetricDifference(new Set(others.map(nameKey))).size === 0;

type Bearer = { readonly name: string; readonly ipi: string | null };

/** Whether two bear one IPI name number; `null` when either has none. Sources drop or keep the leading zeros. */
export function sameIpi(a: Bearer, b: Bearer): boolean | null {
  const [one, other] = [ipiKey(a.ipi ?? ''), ipiKey(b.ipi ?? '')];
  return one === null || other === null ? null : one === other;
}

/** Whether a writer of a work can be the known one: by IPI where both have one, else by name. */
const sameWriter = (known: KnownWriter, writer: Bearer): boolean =>
  sameIpi(known, writer) ?? sameName(known.name, writer.name);

/** The known writers who are writers of the work. */
export const shared = (known: readonly KnownWriter[], writers: readonly Bearer[]): readonly KnownWriter[] =>
  known.filter((one) => writers.some((writer) => sameWriter(one, writer)));
