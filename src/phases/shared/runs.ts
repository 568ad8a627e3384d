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

/** What a batch's messages of one run have to do with it. */
export type InRun = {
  /** Aborts with the batch, and when the run is cancelled. */
  readonly signal: AbortSignal;
  readonly cancelled: () => boolean;
  /** Whether an error says no more than that the run was cancelled. */
  readonly isWhy: (error: unknown) => boolean;
};

export type BatchRuns = { of(runId: string): InRun; leave(): void };

export function isCancelled(runs: Runs, runId: string): boolean {
  const { signal, leave } = runs.enter(runId);
  leave();
  return signal.aborted;
}

/** The runs of one batch; each is entered once. */
export function runsOfBatch(runs: Runs, batch: AbortSignal): BatchRuns {
  const entered = new Map<string, InRun & RunScope>();
  const enter = (runId: string): InRun & RunScope => {
    const { signal: run, leave } = runs.enter(runId);
    const scope = {
      signal: AbortSignal.any([batch, run]),
      cancelled: () => run.aborted,
      isWhy: (error: unknown) => run.aborted && error === run.reason,
      leave,
    };
    entered.set(runId, scope);
    return scope;
  };
  return {
    of: (runId) => entered.get(runId) ?? enter(runId),
    leave: () => {
      for (const { leave } of entered.values()) leave();
    },
  };
}
