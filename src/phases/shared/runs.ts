/**
 * Runs as the phases see them. A run that was cancelled goes through every later phase with `off` / `CANCELLED`, and asks nobody.
 */
export type Runs = {
  /**
   * The scope of a run for as long as somebody works for it.
   * @returns its signal, which aborts when the run is cancelled, and how to let go of it
   */
  enter(runId: string): RunScope;
};

export type RunScope = { readonly signal: AbortSignal; leave(): void };

/** Runs by what is known of cancellations; `cancel` is told of each as soon as it is. */
export type KnownRuns = Runs & { cancel(runId: string): void };

type Scope = { readonly gone: AbortController; users: number };

const cancellation = (runId: string): Error => new Error(`The run ${runId} was cancelled.`);

/** No run is cancelled until it is told. */
export function knownRuns(): KnownRuns {
  const cancelled = new Set<string>();
  const scopes = new Map<string, Scope>();

  const scopeOf = (runId: string): Scope => {
    const known = scopes.get(runId);
    if (known !== undefined) return known;
    const scope: Scope = { gone: new AbortController(), users: 0 };
    if (cancelled.has(runId)) scope.gone.abort(cancellation(runId));
    scopes.set(runId, scope);
    return scope;
  };

  return {
    enter(runId) {
      const scope = scopeOf(runId);
      scope.users += 1;
      return {
        signal: scope.gone.signal,
        leave: () => {
          scope.users -= 1;
          if (scope.users === 0) scopes.delete(runId);
        },
      };
    },
    cancel(runId) {
      cancelled.add(runId);
      scopes.get(runId)?.gone.abort(cancellation(runId));
    },
  };
}
