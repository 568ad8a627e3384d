import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NARROW, valuesOf } from '#test/support/arbitrary.ts';
import { expectSame } from '#test/support/same.ts';
import { AT, aPart, aTrackEvent } from '#test/support/tracks.ts';
import { trackEvent } from '#track/event.ts';
import { merge } from '#track/merge.ts';
import { mergeRunReports } from '#track/merge-reports.ts';
import { PHASES } from '#track/phase.ts';
import type { PhaseReport, Reports } from '#track/report.ts';
import { NO_SECTIONS } from '#track/sections/sections.ts';
import { stateOf, type TrackState } from '#track/state.ts';

/** States of one track with few distinct moments and ISRCs: ties, skewed clocks and corrections all the time. */
const states = valuesOf(trackEvent, NARROW).map((event) =>
  stateOf({ ...event, trackId: 'one', reports: withCancelled(event.reports) }),
);

/** Half of what is `off` by itself was cancelled: that is a law of its own. */
function withCancelled(reports: Reports): Reports {
  const cancelled = (report: PhaseReport | null) =>
    report?.status === 'off' && report.attempts % 2 === 0 ? { ...report, code: 'CANCELLED' } : report;
  return Object.fromEntries(PHASES.map((phase) => [phase, cancelled(reports[phase])])) as Reports;
}

const fold = (list: readonly TrackState[]) => list.reduce(merge);

describe('the merge law', () => {
  it('gives the same state whichever of two comes first', () => {
    fc.assert(fc.property(states, states, (a, b) => expectSame(merge(a, b), merge(b, a))));
  });

  it('gives the same state however three are grouped', () => {
    fc.assert(
      fc.property(states, states, states, (a, b, c) => expectSame(merge(merge(a, b), c), merge(a, merge(b, c)))),
    );
  });

  it('changes nothing when a state comes again', () => {
    fc.assert(fc.property(states, (a) => expectSame(merge(a, a), a)));
  });

  it('regression: replay equals live state: ends the same for any events of a track, in any order, any number of times', () => {
    const shuffled = fc
      .array(states, { minLength: 1, maxLength: 6 })
      .chain((list) =>
        fc.tuple(fc.constant(list), fc.shuffledSubarray([...list, ...list], { minLength: list.length * 2 })),
      );
    fc.assert(fc.property(shuffled, ([list, again]) => expectSame(fold(again), fold(list))));
  });

  it('keeps every part that any of the events has', () => {
    fc.assert(
      fc.property(states, states, (a, b) => {
        const merged = merge(a, b);
        const had = (state: TrackState) =>
          Object.entries(state.sections).flatMap(([phase, section]) =>
            Object.entries(section).flatMap(([part, value]) => (value === null ? [] : [`${phase}.${part}`])),
          );
        expectSame(new Set(had(merged)), new Set([...had(a), ...had(b)]));
      }),
    );
  });

  it('refuses to merge two different tracks', () => {
    const [a, b] = [stateOf(aTrackEvent({ trackId: 'a' })), stateOf(aTrackEvent({ trackId: 'b' }))];
    expect(() => merge(a, b)).toThrow('Merging track a with track b.');
  });
});

describe('reports', () => {
  const reported = (report: Partial<PhaseReport>) =>
    stateOf(
      aTrackEvent({
        reports: {
          ...aTrackEvent().reports,
          spotify: { status: 'enriched', at: AT, code: null, attempts: 1, confirmedAt: null, ...report },
        },
      }),
    );
  const of = (...list: readonly Partial<PhaseReport>[]) => fold(list.map(reported)).reports.spotify;

  it('lets the later ending win, and a known only confirm', () => {
    expect(of({ at: 10 }, { status: 'known', at: 30, attempts: 0 }, { status: 'failed', code: 'BUG', at: 20 })).toEqual(
      {
        status: 'failed',
        at: 20,
        code: 'BUG',
        attempts: 1,
        confirmedAt: 30,
      },
    );
  });

  it('shows known when no phase ever ended otherwise', () => {
    expect(of({ status: 'known', at: 10, attempts: 0 }, { status: 'known', at: 12, attempts: 0 })).toEqual({
      status: 'known',
      at: 12,
      code: null,
      attempts: 0,
      confirmedAt: 12,
    });
  });

  it('yield nothing to a cancelled run: what another run was told, before or after, stays', () => {
    const cancelled = { status: 'off', code: 'CANCELLED', at: 90, attempts: 0 } as const;
    const failed = { status: 'failed', code: 'TIMEOUT', at: 10 } as const;
    expect(of(failed, cancelled)).toMatchObject(failed);
    expect(of({ status: 'known', at: 10, attempts: 0 }, cancelled)).toMatchObject({ status: 'known', at: 10 });
    expect(of(cancelled, { ...cancelled, at: 80 })).toMatchObject(cancelled);
    expect(of(cancelled, { status: 'off', code: 'NOT_CONFIGURED', at: 10 })).toMatchObject({ code: 'NOT_CONFIGURED' });
    const inItsRun = mergeRunReports(reported(failed).reports.spotify, reported(cancelled).reports.spotify);
    expect(inItsRun).toMatchObject(cancelled);
  });

  it('never remove facts: a later failure leaves the parts as they were', () => {
    const enriched = stateOf(
      aTrackEvent({
        sections: {
          ...NO_SECTIONS,
          spotify: { ...NO_SECTIONS.spotify, popularity: aPart({ popularity: 61 }, { fetchedAt: 10 }) },
        },
      }),
    );
    const merged = merge(enriched, reported({ status: 'failed', code: 'TIMEOUT', at: 99 }));
    expect(merged.sections).toEqual(enriched.sections);
  });
});

describe('raw fields', () => {
  it('take the later observation that has a value, field by field', () => {
    const older = stateOf(aTrackEvent({}, { observedAt: 10, isrc: 'QZLN72600001', label: 'Old Label' }));
    const newer = stateOf(aTrackEvent({}, { observedAt: 20, isrc: null, label: 'New Label', runId: 'run-2' }));
    const merged = merge(newer, older);
    expect({ isrc: merged.raw.isrc, label: merged.raw.label }).toEqual({
      isrc: { value: 'QZLN72600001', at: 10 },
      label: { value: 'New Label', at: 20 },
    });
    expect(merged.appearances.map(({ runId }) => runId)).toEqual(['run-1', 'run-2']);
  });
});
