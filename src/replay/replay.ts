import { z } from 'zod';
import { replayOrder } from './order.ts';
import { replayPlan } from './plan.ts';

/** Operations on replays, as the read model keeps them; the newest last. */
export type ReplayOperation = {
  readonly kind: string;
  readonly by: string;
  /** ISO. */
  readonly at: string;
  readonly target: string;
  readonly reason: string | null;
  readonly details: Readonly<Record<string, string>>;
};

const begun = z.object({ order: replayOrder, plan: replayPlan });
const over = z.object({ sent: z.coerce.number().int() });

/**
 * What has become of a replay, as its operations say. `running`: its tracks are being sent, or are still worked; `ended`: every track
 * that it sent has come through.
 */
export type ReplayState = 'running' | 'paused' | 'cancelled' | 'ended';

export type Replay = z.infer<typeof begun> & {
  readonly id: string;
  readonly state: ReplayState;
  /** Milliseconds since the epoch: what a forced phase had fetched before does not count. */
  readonly startedAt: number;
  readonly startedBy: string;
  readonly reason: string | null;
  /** The last thing that was done to it. */
  readonly movedAt: number;
  readonly movedBy: string;
  /** How many tracks it had sent, once that is told; of a cancelled one when the last of them has come through. */
  readonly end: z.infer<typeof over> | null;
};

/** Each kind of operation after the start, and the state to which it leads. What is over stays over. */
const NEXT: Readonly<Record<string, ReplayState>> = {
  replay_paused: 'paused',
  replay_resumed: 'running',
  cancel: 'cancelled',
  // Of earlier versions.
  replay_cancelled: 'cancelled',
  replay_ended: 'ended',
};

export const isOver = (state: ReplayState): boolean => state === 'cancelled' || state === 'ended';

const parsed = (text: string | undefined): unknown => JSON.parse(text ?? 'null');

/**
 * Folds the operations of one replay, in their order.
 * @returns `null` when the first of them does not start a replay, or is of a version that cannot be read
 */
export function replayOf([first, ...later]: readonly ReplayOperation[]): Replay | null {
  if (first === undefined || first.kind !== 'replay') return null;
  const { target: id, by, reason, details } = first;
  const read = begun.safeParse({
    order: parsed(details['order']),
    plan: parsed(details['plan']),
  });
  if (!read.success) return null;
  const startedAt = Date.parse(first.at);
  const start: Replay = {
    ...read.data,
    id,
    state: 'running',
    startedAt,
    startedBy: by,
    reason,
    movedAt: startedAt,
    movedBy: by,
    end: null,
  };
  return later.reduce(moved, start);
}

function moved(replay: Replay, { kind, at, by, details }: ReplayOperation): Replay {
  const { data: end = replay.end } = over.safeParse({ sent: details['sent'] });
  const state = NEXT[kind];
  if (state === undefined || isOver(replay.state)) return { ...replay, end };
  return { ...replay, state, movedAt: Date.parse(at), movedBy: by, end };
}

/** What may be done to a replay in this state; the other things are refused with a sentence. */
export const MAY: Readonly<Record<ReplayState, readonly string[]>> = {
  running: ['pause', 'cancel'],
  paused: ['resume', 'cancel'],
  cancelled: [],
  ended: [],
};
