import type { Budget } from '#providers/budget.ts';
import { type EndpointLimits, endpointLimits } from '#providers/endpoint-limits.ts';
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
  const limits = new Map<string, EndpointLimits>(Object.keys(budgets).map((account) => [account, endpointLimits(now)]));
  const pauses = new Map<string, Pause>();

  const pauseOf = (account: string): Pause | null => {
    const pause = pauses.get(account);
    return pause !== undefined && pause.until > now() ? pause : null;
  };

  return {
    slot: async (account, lane, signal, endpoint): Promise<Slot> => {
      const waiting = lines.get(account);
      if (waiting === undefined) throw new Error(`the governor has no budget for ${account}`);
      const pause = pauseOf(account);
      if (pause !== null) return { kind: 'paused', ...pause };
      return limits.get(account)?.answer(endpoint) ?? waiting.stand(lane, signal, endpoint);
    },
    pause: async (account, until, reason) => {
      const on = pauseOf(account);
      if (on !== null && on.until >= until) return;
      pauses.set(account, { until, reason });
      lines.get(account)?.sendAway({ kind: 'paused', until, reason });
    },
    pauseEndpoint: async (account, endpoint, until, reason) => {
      const news = limits.get(account)?.hear({ [endpoint]: { until, reason } }) ?? [];
      for (const answer of news) lines.get(account)?.sendAway(answer);
    },
    paused: async (account) => pauseOf(account),
  };
}
