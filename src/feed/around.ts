import type { LetterItem } from './letter-ports.ts';
import type { Timeline, TimelineEntry } from './timeline-ports.ts';

/** Records of the track before and after the letter. */
const AROUND = 4;

/** The part of a track's timeline around a letter; nothing when the letter is not in it, or there is no timeline. */
export function around(timeline: Timeline | null, { topic, partition, offset }: LetterItem): readonly TimelineEntry[] {
  const entries = timeline?.entries ?? [];
  const at = entries.findIndex(
    (entry) => entry.topic === topic && entry.partition === partition && entry.offset === offset,
  );
  return at < 0 ? [] : entries.slice(Math.max(0, at - AROUND), at + AROUND + 1);
}
