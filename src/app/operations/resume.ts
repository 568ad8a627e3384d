import { postgresHalts } from '#adapters/postgres/halts.ts';
import type { Connections } from '#app/connect.ts';
import type { PhaseName } from '#track/phase.ts';
import { appendOperation } from './append.ts';

/** The halt that was lifted, or that there was none. */
export type Resumed = {
  readonly stage: PhaseName;
  readonly lifted: { readonly since: string; readonly reason: string } | null;
};

/**
 * Lifts a stage's halt. The operation is written first: a crash between the two leaves the halt, and to resume again is harmless.
 * Workers that ended are started by whoever runs them; those that stand still in a process of many go on when it is started again.
 */
export async function resumeStage(
  connections: Connections,
  { stage, by, reason }: { readonly stage: PhaseName; readonly by: string; readonly reason: string | null },
): Promise<Resumed> {
  const halts = postgresHalts(connections.pool);
  const halt = await halts.current(stage);
  if (halt === null) return { stage, lifted: null };
  const since = new Date(halt.since).toISOString();
  const details = { haltedSince: since, haltedBecause: halt.reason };
  await appendOperation(connections, { kind: 'resume', by, target: stage, reason, details });
  await halts.lift(stage);
  return { stage, lifted: { since, reason: halt.reason } };
}
