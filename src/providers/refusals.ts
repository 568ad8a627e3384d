/** Longer than this nobody waits for the window of a rate limit: what is told is about the endpoint, or a quota. */
const LONG_MS = 60_000;

/**
 * Whether a refused call means the whole account or its endpoint alone. A provider has limits of both kinds and says not which it
 * was (Spotify, *concepts/rate-limits*; some closed endpoints answer 429 for ever). An endpoint stands alone when others were answered
 * since the last refusal of any, and it is told a long wait or is refused again without an answer in between. A wrong guess
 * costs one refusal more: then the next endpoint is refused too, and no other was answered since.
 */
export type Refusals = {
  /** Notes that a call is sent. @returns its number, for what comes of it */
  sent(): number;
  answered(endpoint: string, call: number): void;
  /** @param waitMs what the provider told; `null` when it told nothing */
  refused(endpoint: string, call: number, waitMs: number | null): 'endpoint' | 'account';
};

type Refused = { readonly until: number; readonly whose: 'endpoint' | 'account' };

/** What the calls of one account in this process taught. Calls are told apart by their order: clocks are of no use here. */
export function refusalsOf(): Refusals {
  /** The latest call of each endpoint that was answered, and the refusal that no answer came after. */
  const answered = new Map<string, number>();
  const refused = new Map<string, Refused>();
  let calls = 0;
  let lastRefused = 0;

  const othersWereAnswered = (endpoint: string): boolean =>
    [...answered].some(([other, call]) => other !== endpoint && call > lastRefused);

  return {
    sent: () => {
      calls += 1;
      return calls;
    },
    answered: (endpoint, call) => {
      answered.set(endpoint, Math.max(call, answered.get(endpoint) ?? 0));
      if (call > (refused.get(endpoint)?.until ?? 0)) refused.delete(endpoint);
    },
    refused: (endpoint, call, waitMs) => {
      const before = refused.get(endpoint);
      // It was under way when the other came back: the same refusal.
      if (before !== undefined && call <= before.until) return before.whose;
      const isInsisted = before !== undefined || (waitMs ?? 0) > LONG_MS;
      const whose = isInsisted && othersWereAnswered(endpoint) ? 'endpoint' : 'account';
      refused.set(endpoint, { until: calls, whose });
      lastRefused = calls;
      return whose;
    },
  };
}
