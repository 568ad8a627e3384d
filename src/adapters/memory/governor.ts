import type { Budget } from '#providers/budget.ts';
import type { Governor, Slot } from '#providers/ports.ts';
import { type Line, line } from './governor-line.ts';

type Pause = { readonly until: number; readonly reason: string };

/**
 * A governor for one process. GCRA, so there is no burst at a window's edge.
 * @param budgets by account; asking for a slot of another account is a bug and throws
 * @param now milliseconds since the epoch
 */
export function memoryGovernor(budgets: Readonly<Record<string, Budget>>, now: () => number): Governor {
  const lines = new Map<string, Line>(
    Object.entries(budgets).map(([account, budget]) => [account, line(budget.perSecond, budget.burst, now)]),
  );
  const pauses = new Map<string, Pause>();

  const pauseOf = (account: string): Pause | null => {
    const pause = pauses.get(account);
    return pause !== undefined && pause.until > now() ? pause : null;
  };

  return {
    slot: async (account, lane, signal): Promise<Slot> => {
      const waiting = lines.get(account);
      if (waiting === undefined) throw new Error(`the governor has no budget for ${account}`);
      const pause = pauseOf(account);
      return pause === null ? waiting.stand(lane, signal) : { kind: 'paused', ...pause };
    },
    pause: async (account, until, reason) => {
      const on = pauseOf(account);
      if (on !== null && on.until >= until) return;
      pauses.set(account, { until, reason });
      lines.get(account)?.sendAway({ kind: 'paused', until, reason });
    },
    paused: async (account) => pauseOf(account),
  };
}
