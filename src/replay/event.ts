import type { TrackEvent } from '#track/event.ts';
import { NOTHING_SEEN, type Observation, type RawTrack } from '#track/raw.ts';
import { type Appearance, RAW_FIELDS, type RawRegisters, type TrackState } from '#track/state.ts';

/** The sighting to which all values may be attributed: the one of the oldest value, or the first when none was seen. */
function oldestSighting({ raw, appearances }: TrackState): Appearance | null {
  const moments = RAW_FIELDS.flatMap((field) => raw[field]?.at ?? []);
  const oldest = Math.min(...moments);
  const sightings = appearances.toSorted((a, b) => a.observedAt - b.observedAt);
  return sightings.find(({ observedAt }) => observedAt === oldest) ?? sightings[0] ?? null;
}

const valuesOf = (raw: RawRegisters) =>
  Object.fromEntries(RAW_FIELDS.flatMap((field) => (raw[field] === null ? [] : [[field, raw[field].value]])));

/**
 * A track as it is known, as an event that can be sent again. Merged with what it was made of it changes nothing: parts and reports
 * are the same, its sighting is one that is there, and no value is dated later than it was observed; so a replay can never bring
 * an old observation back over a newer one.
 * @returns `null` when the track was never seen (only a dead letter names it)
 */
export function replayedEvent(state: TrackState): TrackEvent | null {
  const sighting = oldestSighting(state);
  if (sighting === null) return null;
  const raw: Observation = {
    ...NOTHING_SEEN,
    ...valuesOf(state.raw),
    artists: [...(state.raw.artists?.value ?? [])],
    ...sighting,
    runTotal: null,
  };
  return { trackId: state.trackId, raw, sections: state.sections, reports: state.reports, summary: null };
}

/** The same for the first phase, whose input knows no phases yet: what they found is what is known already. */
export const asRawTrack = ({ trackId, raw, sections }: TrackEvent): RawTrack => ({
  track: trackId,
  ...raw,
  prior: sections,
});
