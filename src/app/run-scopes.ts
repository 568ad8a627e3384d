import { followCancelledRuns } from '#adapters/postgres/cancelled-runs.ts';
import { runCounters } from '#adapters/postgres/run-calls.ts';
import { followWithdrawn } from '#adapters/postgres/withdrawn.ts';
import type { Pace, Telling } from '#phases/shared/phase-stage.ts';
import { knownRuns } from '#phases/shared/runs.ts';
import { knownWithdrawn } from '#phases/shared/withdrawn.ts';
import type { MadeCall } from '#providers/call-scope.ts';
import type { Connections } from './connect.ts';
import type { Worker } from './worker.ts';

/** What the phases and the providers' clients of one process know of runs and withdrawn tracks, and what they tell of them. */
export type RunScopes = Required<Pick<Pace, 'runs' | 'withdrawn' | 'tell'>> & {
  readonly called: (call: MadeCall) => void;
  /** Ends with the process. */
  readonly worker: Worker;
};

/**
 * The scopes of runs in this process: which are cancelled, which tracks are withdrawn, what was asked for each, and a log in which each line names its run.
 * @throws when the database cannot be reached
 */
export async function startRunScopes({ pool, log }: Pick<Connections, 'pool' | 'log'>): Promise<RunScopes> {
  const runs = knownRuns();
  const counters = runCounters(pool);
  const following = await followCancelledRuns(pool, (runId) => {
    log.info({ run: runId }, 'run.cancelled');
    runs.cancel(runId);
  });
  const withdrawn = knownWithdrawn();
  const followingTracks = await followWithdrawn(pool, (track) => {
    log.info({ track }, 'track.withdrawn');
    withdrawn.add(track);
  });
  const over = Promise.withResolvers<void>();

  const tell = ({ what, ...told }: Telling): void => {
    log.debug(told, `track.${what}`);
    if (!('how' in told)) return;
    counters.add(told.run, told.provider, 'questions');
    if (told.how === 'ledger') counters.add(told.run, told.provider, 'fromLedger');
  };
  const called = (call: MadeCall): void => {
    log.debug(call, 'provider.called');
    for (const run of call.runs) counters.add(run, call.account, 'calls');
  };
  return {
    runs,
    withdrawn,
    tell,
    called,
    worker: {
      name: 'runs',
      ended: over.promise,
      drain: async () => {
        await following.close();
        await followingTracks.close();
        await counters.close();
        over.resolve();
      },
    },
  };
}
