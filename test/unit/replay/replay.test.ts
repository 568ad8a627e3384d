import { describe, expect, it } from 'vitest';
import { type ReplayOperation, replayOf } from '#replay/replay.ts';
import { statusOf } from '#replay/status.ts';
import { AT } from '#test/support/tracks.ts';

const order = { selection: { kind: 'run', runId: 'run-1' }, phase: 'analytics', force: ['analytics'], rate: null };
const provider = {
  provider: 'chartmetric',
  calls: 200,
  keys: 200,
  known: 0,
  perSecond: 25,
  seconds: { alone: 8, beside: 160 },
};
const plan = {
  selection: 'run run-1',
  phase: 'analytics',
  force: ['analytics'],
  tracks: 100,
  providers: [provider],
  pages: 0,
  seconds: { alone: 8, beside: 160 },
};

const done = (kind: string, after: number, details: Record<string, string> = {}): ReplayOperation => ({
  kind,
  by: 'somebody',
  at: new Date(AT + after).toISOString(),
  target: 'replay-1',
  reason: null,
  details,
});
const started = done('replay', 0, { order: JSON.stringify(order), plan: JSON.stringify(plan) });
const ended = done('replay_ended', 60_000, { sent: '100' });

const stateAfter = (...later: readonly ReplayOperation[]) => replayOf([started, ...later])?.state;

describe('a replay by its operations', () => {
  it('runs, is paused, resumed, and over for good', () => {
    expect(stateAfter()).toBe('running');
    expect(stateAfter(done('replay_paused', 1))).toBe('paused');
    expect(stateAfter(done('replay_paused', 1), done('replay_resumed', 2))).toBe('running');
    expect(stateAfter(done('replay_cancelled', 1), done('replay_resumed', 2))).toBe('cancelled');
    expect(stateAfter(ended, done('replay_cancelled', 70_000))).toBe('ended');
    expect(stateAfter(done('cancel', 1))).toBe('cancelled');
  });

  it('is none without a start that can be read', () => {
    expect(replayOf([])).toBeNull();
    expect(replayOf([done('replay_paused', 1)])).toBeNull();
    expect(replayOf([done('replay', 0, { order: '{}' })])).toBeNull();
  });

  it('tells the calls made for it beside those planned, and how long it will take', () => {
    const running = replayOf([started]);
    if (running === null) throw new Error('It was started.');
    const run = { complete: 25, deadLettered: 0, degraded: 0 };
    const status = statusOf(running, { sent: 40, run, calls: { chartmetric: 50 }, now: AT + 10_000 });
    expect(status).toMatchObject({
      state: 'running',
      sent: 40,
      complete: 25,
      calls: { chartmetric: 50 },
      secondsLeft: 30,
    });
  });

  it('stays cancelled when its last track has come through, and keeps how many it had sent', () => {
    const cancelled = done('cancel', 30_000);
    expect(replayOf([started, cancelled])).toMatchObject({ state: 'cancelled', end: null });
    expect(replayOf([started, cancelled, ended])).toMatchObject({
      state: 'cancelled',
      movedAt: AT + 30_000,
      end: { sent: 100 },
    });
  });

  it('keeps what it had sent when it ended', () => {
    const over = replayOf([started, ended]);
    if (over === null) throw new Error('It was started.');
    const run = { complete: 100, deadLettered: 0, degraded: 0 };
    const status = statusOf(over, { sent: 0, run, calls: { chartmetric: 200 }, now: AT + 100_000 });
    expect(status).toMatchObject({ state: 'ended', sent: 100, calls: { chartmetric: 200 }, secondsLeft: null });
  });
});
