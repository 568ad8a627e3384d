import fc from 'fast-check';
import { expect, test } from 'vitest';
import { furthest, type Place, placeOf } from '#projector/progress.ts';
import { addStep, noDelta } from '#projector/run-delta.ts';
import { mergeRunTracks, type RunTrack } from '#projector/run-track.ts';
import { AT, trackId } from '#test/support/tracks.ts';
import { PHASES } from '#track/phase.ts';
import { NO_REPORTS, type PhaseReport } from '#track/report.ts';

const progress = fc.record({ reached: fc.nat(5), lost: fc.option(fc.nat(4), { nil: null }) });

test.each<[number, number | null, Place]>([
  [0, null, 'in_flight'],
  [4, null, 'in_flight'],
  [5, null, 'complete'],
  [2, 2, 'dead_lettered'],
  [1, 2, 'dead_lettered'],
  [3, 2, 'in_flight'],
  [5, 4, 'complete'],
])('a track that reached %i and was lost at %s is %s', (reached, lost, place) => {
  expect(placeOf({ reached, lost })).toBe(place);
});

test('progress only rises, whatever the order', () => {
  fc.assert(
    fc.property(progress, progress, progress, (a, b, c) => {
      expect(furthest(a, b)).toEqual(furthest(b, a));
      expect(furthest(a, furthest(b, c))).toEqual(furthest(furthest(a, b), c));
      expect(furthest(a, a)).toEqual(a);
    }),
  );
});

const report = (status: PhaseReport['status']): PhaseReport => ({
  status,
  at: AT,
  code: null,
  attempts: 1,
  confirmedAt: null,
});

const runTrack = progress.chain((at) =>
  fc.constantFrom('enriched' as const, 'failed' as const, null).map(
    (status): RunTrack => ({
      ...at,
      runId: 'run-1',
      trackId: trackId(1),
      reports: { ...NO_REPORTS, credits: status === null ? null : report(status) },
    }),
  ),
);

test('the counters after any steps are those of counting the last state once', () => {
  fc.assert(
    fc.property(fc.array(runTrack, { minLength: 1, maxLength: 6 }), (shares) => {
      const steps = noDelta();
      let before: RunTrack | null = null;
      for (const share of shares) {
        const after: RunTrack = mergeRunTracks(before ?? share, share);
        addStep(steps, before, after);
        before = after;
      }
      const once = noDelta();
      addStep(once, null, before as RunTrack);
      const counted = [...steps.phases].filter(([, tracks]) => tracks !== 0).sort();
      expect({ ...steps, phases: counted }).toEqual({ ...once, phases: [...once.phases].sort() });
      expect(steps.accepted).toBe(1);
      expect(steps.complete + steps.deadLettered).toBeLessThanOrEqual(1);
    }),
  );
});

test('a track counts as arrived at every phase up to where it is', () => {
  const delta = noDelta();
  addStep(delta, null, { runId: 'r', trackId: trackId(1), reached: 2, lost: null, reports: NO_REPORTS });
  expect(Object.fromEntries(delta.phases)).toEqual(
    Object.fromEntries(PHASES.slice(0, 3).map((phase) => [`${phase}/arrived`, 1])),
  );
});
