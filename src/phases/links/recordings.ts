import type { FoundRecording } from '#providers/musicbrainz/facts.ts';
import { nameKey } from '#track/names.ts';

/** What is known of the track that its recordings are compared with. */
export type Known = { readonly name: string | null; readonly durationMs: number | null };

/** Recordings of one ISRC, the best match first: same title, then nearest length, then as the search ranked them. */
export function ranked(recordings: readonly FoundRecording[], known: Known): readonly FoundRecording[] {
  const otherTitle = ({ title }: FoundRecording): number =>
    known.name !== null && nameKey(title) === nameKey(known.name) ? 0 : 1;
  const distance = ({ lengthMs }: FoundRecording): number =>
    lengthMs === null || known.durationMs === null ? Number.MAX_SAFE_INTEGER : Math.abs(lengthMs - known.durationMs);
  return recordings.toSorted((a, b) => otherTitle(a) - otherTitle(b) || distance(a) - distance(b));
}
