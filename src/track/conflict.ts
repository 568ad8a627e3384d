import { PHASES, type PhaseName } from './phase.ts';
import type { Sections } from './sections/sections.ts';

/** A part that was asked under a key which is no longer the track's. It is shown, never used, never `known`. */
export type Conflict = {
  readonly phase: PhaseName;
  readonly part: string;
  readonly askedBy: string;
  readonly key: string;
};

type Asked = { readonly askedBy: string };

/**
 * Says whether a part still answers for the track.
 * @param isrc the ISRC as resolved; `null` while none is known, when nothing can contradict the part
 */
export function answersFor(part: Asked, trackId: string, isrc: string | null): boolean {
  if (part.askedBy.startsWith('isrc:')) return isrc === null || part.askedBy === `isrc:${isrc}`;
  if (part.askedBy.startsWith('track:')) return part.askedBy === `track:${trackId}`;
  return true;
}

/** The part when it still answers for the track, else `null`. */
export const usable = <Part extends Asked>(part: Part | null, trackId: string, isrc: string | null): Part | null =>
  part !== null && answersFor(part, trackId, isrc) ? part : null;

/** All parts that no longer answer for the track. */
export function conflictsOf(sections: Sections, trackId: string, isrc: string | null): readonly Conflict[] {
  return PHASES.flatMap((phase) =>
    Object.entries<Asked | null>(sections[phase]).flatMap(([part, asked]) =>
      asked === null || answersFor(asked, trackId, isrc)
        ? []
        : [{ phase, part, askedBy: asked.askedBy, key: isrc === null ? `track:${trackId}` : `isrc:${isrc}` }],
    ),
  );
}
