import type { FoundArtist, FoundRecording, FoundWork, Named } from '#providers/musicbrainz/facts.ts';
import { ipiKey, nameKey } from '#track/names.ts';
import type { LinkedWriter } from '#track/sections/links.ts';
import type { Wanted } from './writers.ts';

/**
 * Who a wanted writer is at MusicBrainz, and how surely. The rungs, surest first: a writer relation of the recording's own work;
 * the IPI; an artist credited on the recording under the same name. Below them a name alone makes a candidate, never a match:
 * links of a namesake are worse than none.
 */
export type Identified = Omit<LinkedWriter, 'links'>;

/** Relation types that make an artist a writer of a work. */
const WRITING: ReadonlySet<string> = new Set(['composer', 'lyricist', 'writer']);

export const writersOf = (work: FoundWork): readonly (Named & { readonly role: string })[] =>
  work.writers.filter(({ role }) => WRITING.has(role));

/** Rung 1. Two artists of one name in the works of a recording are told apart by nothing here, so neither is taken. */
export function byWork(wanted: Wanted, works: readonly FoundWork[]): Identified | null {
  const mbid = onlyId(works.flatMap(writersOf).filter(sameName(wanted)));
  return mbid === null ? null : { name: wanted.name, mbid, ipi: null, matchedBy: 'work_relation' };
}

/** Rung 2. Several artists can share an IPI (a person and an alias kept apart): then the name must agree with one alone. */
export function byIpi(wanted: Wanted, artists: readonly FoundArtist[]): Identified | null {
  const bearing = artists.filter(({ ipis }) => wanted.ipi !== null && ipis.some((ipi) => ipiKey(ipi) === wanted.ipi));
  const mbid = onlyId(bearing) ?? onlyId(bearing.filter(sameName(wanted)));
  return mbid === null ? null : { name: wanted.name, mbid, ipi: wanted.ipi, matchedBy: 'ipi' };
}

/** Rung 3. */
export function byRecording(wanted: Wanted, recordings: readonly FoundRecording[]): Identified | null {
  const mbid = onlyId(recordings.flatMap(({ artists }) => artists).filter(sameName(wanted)));
  return mbid === null ? null : { name: wanted.name, mbid, ipi: null, matchedBy: 'name_and_recording' };
}

/** Below the ladder: the one artist of this name as a candidate; none of several; `unknown` when nobody bears it. */
export function byName(wanted: Wanted, artists: readonly FoundArtist[]): Identified {
  const bearing = artists.filter((artist) => sameName(wanted)(artist) || artist.aliases.some(sameText(wanted)));
  const matchedBy = bearing.length === 0 ? 'unknown' : 'name';
  return { name: wanted.name, mbid: onlyId(bearing), ipi: null, matchedBy };
}

/** Whether links may be attached: everything but a name alone. */
export const isCertain = ({ mbid, matchedBy }: Identified): boolean =>
  mbid !== null && matchedBy !== 'name' && matchedBy !== 'unknown';

const sameText = (wanted: Wanted) => (name: string) => nameKey(name) === nameKey(wanted.name);
const sameName = (wanted: Wanted) => (artist: Named) => sameText(wanted)(artist.name);

/** The id that all of these share, or `null` when there are none or several. */
function onlyId(artists: readonly Named[]): string | null {
  const ids = new Set(artists.map(({ id }) => id));
  const [id] = ids;
  return ids.size === 1 && id !== undefined ? id : null;
}
