import { postgresReads } from '#adapters/postgres/reads/reads.ts';
import type { RunDetail } from '#feed/ports.ts';
import type { Connections } from './connect.ts';
import { appendOperation } from './operations/append.ts';

/**
 * Cancels a run: appends the operation `cancel`, which every phase heeds within a second or two after the projector has seen it.
 * A run that is cancelled already stays as it is.
 * @returns the run; `null` when no event of it was seen
 * @throws when broker, registry or database are lost
 */
export async function cancelRun(
  connections: Pick<Connections, 'broker' | 'codec' | 'clock' | 'pool'>,
  runId: string,
  { by, reason }: { readonly by: string; readonly reason: string },
): Promise<RunDetail | null> {
  const run = await postgresReads(connections.pool).run(runId);
  if (run === null || run.cancelled !== null) return run;
  const { at } = await appendOperation(connections, { kind: 'cancel', by, target: runId, reason });
  return { ...run, cancelled: { at: new Date(at).toISOString(), by, reason } };
}
