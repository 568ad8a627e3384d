import type { TrackEvent } from './event.ts';
import { settledReport } from './merge-reports.ts';
import { PHASES } from './phase.ts';
import type { FetchMethod, Observation, Playlist } from './raw.ts';
import type { Reports } from './report.ts';
import type { Sections } from './sections/sections.ts';

/** A raw field with the moment of the observation it comes from. */
export type Observed<Value> = { readonly value: Value; readonly at: number };

/** The raw fields that are merged one by one. */
export const RAW_FIELDS = [
  'name',
  'artists',
  'isrc',
  'label',
  'releaseDate',
  'albumId',
  'albumName',
  'durationMs',
  'explicit',
  'popularity',
  'audioFeatures',
] as const;

export type RawField = (typeof RAW_FIELDS)[number];

export type RawRegisters = { readonly [Field in RawField]: Observed<NonNullable<Observation[Field]>> | null };

/** One sighting of the track; a track's sightings are a set. */
export type Appearance = {
  readonly runId: string;
  readonly observedAt: number;
  readonly fetchMethod: FetchMethod;
  readonly playlist: Playlist | null;
};

/** All that the events of one track say together. The projector keeps one of these per track. */
export type TrackState = {
  readonly trackId: string;
  readonly raw: RawRegisters;
  readonly appearances: readonly Appearance[];
  readonly sections: Sections;
  readonly reports: Reports;
};

/** What one event says, as a state: states are merged, never events. */
export function stateOf(event: TrackEvent): TrackState {
  const { raw } = event;
  return {
    trackId: event.trackId,
    raw: registersOf(raw),
    appearances: [
      { runId: raw.runId, observedAt: raw.observedAt, fetchMethod: raw.fetchMethod, playlist: raw.playlist },
    ],
    sections: event.sections,
    reports: Object.fromEntries(PHASES.map((phase) => [phase, settledReport(event.reports[phase])])) as Reports,
  };
}

function registersOf(raw: Observation): RawRegisters {
  const observed = (field: RawField) => {
    const value = raw[field];
    const absent = value === null || (Array.isArray(value) && value.length === 0);
    return [field, absent ? null : { value, at: raw.observedAt }];
  };
  return Object.fromEntries(RAW_FIELDS.map(observed)) as RawRegisters;
}
