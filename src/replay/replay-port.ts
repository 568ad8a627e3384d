import type { ReplayPlan } from './plan.ts';
import type { ReplayRequest } from './request.ts';
import type { ReplayStatus } from './status.ts';

/**
 * Why something was not done. `request`: what was asked for is wrong; `missing`: there is no such replay; `state`: not in its state;
 * `unknown`: the read model does not know all that was done, so nobody can say.
 */
export type Refused = { readonly wrong: string; readonly kind: 'request' | 'missing' | 'state' | 'unknown' };

export type Who = { readonly by: string; readonly reason: string | null };

/** `id`: what the replay is called; starting one that exists already does nothing. Without one it gets a new id. */
export type Starter = Who & { readonly id?: string };

/** Everything that is done to replays. Lost infrastructure throws. */
export type ReplayPort = {
  /** Those that were started last, the newest first. */
  list(): Promise<readonly ReplayStatus[]>;
  one(replayId: string): Promise<ReplayStatus | null>;
  /** What it would cost; nothing is done. */
  plan(request: ReplayRequest, signal: AbortSignal): Promise<ReplayPlan | Refused>;
  start(request: ReplayRequest, starter: Starter, signal: AbortSignal): Promise<ReplayStatus | Refused>;
  move(replayId: string, step: 'pause' | 'resume' | 'cancel', who: Who): Promise<ReplayStatus | Refused>;
};
