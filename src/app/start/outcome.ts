import type { IngestedFile } from '../ingest-files.ts';
import type { Progress } from '../progress.ts';

/** How `npm start -- --once` ended, as an exit code. */
export const ONCE_EXIT = { complete: 0, failed: 1, badInput: 2, degraded: 3 } as const;

/** Whether nothing of these runs is under way any more. A run that never reached the read model is. */
export const isDone = (progress: Progress, runIds: readonly string[]): boolean =>
  runIds.every((runId) => progress.runs.some((run) => run.runId === runId && run.finished));

/**
 * The exit code of a finished `--once`.
 * @param files what became of the files
 * @param progress the runs of these files, all done
 */
export function exitOf(files: readonly IngestedFile[], progress: Progress): number {
  if (files.some(({ refused }) => refused !== null)) return ONCE_EXIT.badInput;
  const troubled = progress.runs.some(({ degraded, deadLettered }) => degraded + deadLettered > 0);
  return troubled ? ONCE_EXIT.degraded : ONCE_EXIT.complete;
}

/** The last words of `--once`. */
export function summaryLines({ runs }: Progress): readonly string[] {
  const sum = (of: 'accepted' | 'complete' | 'degraded' | 'deadLettered') =>
    runs.reduce((total, run) => total + run[of], 0);
  return [
    `${sum('accepted')} tracks accepted: ${sum('complete')} complete (${sum('degraded')} of them degraded), ${sum('deadLettered')} dead-lettered.`,
  ];
}
