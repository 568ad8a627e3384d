import { canonical, later } from './canonical.ts';
import { mergeReports } from './merge-reports.ts';
import { PHASES } from './phase.ts';
import type { Reports } from './report.ts';
import type { Sections } from './sections/sections.ts';
import { type Appearance, type Observed, RAW_FIELDS, type RawRegisters, type TrackState } from './state.ts';

/**
 * The merge law. Commutative, associative and idempotent, because every register is merged alone: per part the later `fetchedAt`,
 * per phase the later report other than `known`, per raw field the later observation that has a value, appearances as a set;
 * ties go to the greater canonical text. So any events of a track, in any order, any number of times, end in the same state.
 * @throws when the states are of different tracks, which only a bug can bring about
 */
export function merge(a: TrackState, b: TrackState): TrackState {
  if (a.trackId !== b.trackId) throw new Error(`Merging track ${a.trackId} with track ${b.trackId}.`);
  return {
    trackId: a.trackId,
    raw: mergeRaw(a.raw, b.raw),
    appearances: mergeAppearances(a.appearances, b.appearances),
    sections: mergeSections(a.sections, b.sections),
    reports: Object.fromEntries(
      PHASES.map((phase) => [phase, mergeReports(a.reports[phase], b.reports[phase])]),
    ) as Reports,
  };
}

function mergeRaw(a: RawRegisters, b: RawRegisters): RawRegisters {
  const register = (field: (typeof RAW_FIELDS)[number]) => [
    field,
    later<Observed<unknown>>(a[field], b[field], (observed) => observed.at),
  ];
  return Object.fromEntries(RAW_FIELDS.map(register)) as RawRegisters;
}

function mergeAppearances(a: readonly Appearance[], b: readonly Appearance[]): readonly Appearance[] {
  const byText = new Map([...a, ...b].map((appearance) => [canonical(appearance), appearance]));
  return [...byText].sort(([x], [y]) => (x < y ? -1 : 1)).map(([, appearance]) => appearance);
}

type AnyPart = { readonly fetchedAt: number };
type AnySection = Readonly<Record<string, AnyPart | null>>;

const mergeSection = (a: AnySection, b: AnySection): AnySection =>
  Object.fromEntries(
    Object.keys(a).map((name) => [name, later(a[name] ?? null, b[name] ?? null, (part) => part.fetchedAt)]),
  );

/** Per part the later one, whole. Also used where a phase adds what it learned to what the event carried. */
export const mergeSections = (a: Sections, b: Sections): Sections =>
  Object.fromEntries(PHASES.map((phase) => [phase, mergeSection(a[phase], b[phase])])) as Sections;
