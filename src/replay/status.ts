import { z } from 'zod';
import { PHASES, phaseName } from '#track/phase.ts';
import { replayPlan } from './plan.ts';
import { isOver, type Replay } from './replay.ts';
import { selectionWords } from './selection.ts';

const moment = z.iso.datetime();

/** How often each account was called. */
const callCounts = z.record(z.string(), z.int());
export type CallCounts = z.infer<typeof callCounts>;

/** A replay as people and programs see it. */
export const replayStatus = z.object({
  replayId: z.string().describe('Also the run id of every event that it sent.'),
  state: z
    .enum(['running', 'paused', 'cancelled', 'ended'])
    .describe('running until the last of its tracks has come through; then ended.'),
  selection: z.string().describe('The selection in words.'),
  phase: phaseName,
  force: z.array(phaseName),
  rate: z.number().nullable().describe('Most tracks a second; null: as fast as they are worked.'),
  startedAt: moment,
  startedBy: z.string(),
  reason: z.string().nullable(),
  movedAt: moment.describe('When it was last started, paused, resumed, cancelled or ended.'),
  movedBy: z.string(),
  sent: z.int().describe('Tracks in its lane or through.'),
  complete: z.int().describe('Tracks that came through, degraded ones too.'),
  deadLettered: z.int(),
  degraded: z.int().describe('Tracks of which a phase gave up, then or earlier.'),
  secondsLeft: z
    .number()
    .nullable()
    .describe('As fast as so far; null when it is over, paused, or nobody can tell yet.'),
  plan: replayPlan.describe('What was planned when it started.'),
  calls: callCounts.describe('Calls that were made for its tracks, by account, to hold against the plan.'),
});

export type ReplayStatus = z.infer<typeof replayStatus>;

/** How far the run of a replay has come in the read model. */
export type RunCounts = { readonly complete: number; readonly deadLettered: number; readonly degraded: number };

export type Standing = {
  /** Tracks it has sent, as committed with them. */
  readonly sent: number;
  readonly run: RunCounts;
  /** The calls that were made for its run. */
  readonly calls: CallCounts;
  /** Milliseconds since the epoch. */
  readonly now: number;
};

export function statusOf(replay: Replay, { sent, run, calls, now }: Standing): ReplayStatus {
  const { order, plan } = replay;
  return {
    replayId: replay.id,
    state: replay.state,
    selection: selectionWords(order.selection),
    phase: order.phase,
    force: PHASES.filter((phase) => order.force.includes(phase)),
    rate: order.rate,
    startedAt: iso(replay.startedAt),
    startedBy: replay.startedBy,
    reason: replay.reason,
    movedAt: iso(replay.movedAt),
    movedBy: replay.movedBy,
    sent: replay.end?.sent ?? sent,
    ...run,
    secondsLeft: secondsLeft(replay, run, now),
    plan,
    calls,
  };
}

const iso = (at: number): string => new Date(at).toISOString();

function secondsLeft(
  { state, plan, startedAt }: Replay,
  { complete, deadLettered }: RunCounts,
  now: number,
): number | null {
  const done = complete + deadLettered;
  const left = plan.tracks - done;
  if (isOver(state) || state === 'paused' || done === 0) return null;
  return left <= 0 ? 0 : Math.round((left * (now - startedAt)) / done / 1000);
}
