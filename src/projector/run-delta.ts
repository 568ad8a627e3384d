import { PHASES } from '#track/phase.ts';
import { placeOf } from './progress.ts';
import { isDegraded, type RunTrack } from './run-track.ts';

/** What a run's counters gain, or lose, by one batch. */
export type RunDelta = {
  accepted: number;
  complete: number;
  deadLettered: number;
  degraded: number;
  letters: number;
  /** By phase and then by status, or `arrived` for the tracks that got as far as the phase's input. */
  readonly phases: Map<string, number>;
};

export const noDelta = (): RunDelta => ({
  accepted: 0,
  complete: 0,
  deadLettered: 0,
  degraded: 0,
  letters: 0,
  phases: new Map(),
});

/** Adds what one track's step from `before` to `after` means for its run. The counters are sums of such steps alone. */
export function addStep(delta: RunDelta, before: RunTrack | null, after: RunTrack): void {
  if (before !== null) add(delta, before, -1);
  add(delta, after, 1);
}

function add(delta: RunDelta, runTrack: RunTrack, sign: 1 | -1): void {
  const place = placeOf(runTrack);
  delta.accepted += sign;
  if (place === 'complete') delta.complete += sign;
  if (place === 'dead_lettered') delta.deadLettered += sign;
  if (isDegraded(runTrack.reports)) delta.degraded += sign;
  for (const [index, phase] of PHASES.entries()) {
    if (runTrack.reached >= index) count(delta.phases, `${phase}/arrived`, sign);
    const status = runTrack.reports[phase]?.status;
    if (status !== undefined) count(delta.phases, `${phase}/${status}`, sign);
  }
}

const count = (counts: Map<string, number>, key: string, sign: number): void => {
  counts.set(key, (counts.get(key) ?? 0) + sign);
};
