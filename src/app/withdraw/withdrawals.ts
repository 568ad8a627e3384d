import { readWithdrawalPlan, readWithdrawn } from '#adapters/postgres/reads/withdrawal.ts';
import { noteWithdrawn } from '#adapters/postgres/withdrawn.ts';
import type { Connections } from '#app/connect.ts';
import { appendOperation } from '#app/operations/append.ts';
import { operationsApplied } from '#app/operations/applied.ts';
import type { WithdrawalPort, WithdrawnTrack } from '#feed/withdrawal-ports.ts';

/** How long it is waited for a projector that stands still. */
const PATIENCE_MS = 3_000;

/**
 * Withdraws tracks, on the command line and over HTTP alike. The operation comes first and decides: whoever dies after it has withdrawn
 * the track, for the projector notes it too; whoever dies before has not.
 */
export function withdrawalsOn({
  pool,
  ...rest
}: Pick<Connections, 'pool' | 'broker' | 'codec' | 'clock'>): WithdrawalPort {
  return {
    of: (trackId) => readWithdrawn(pool, trackId),
    plan: (trackId) => readWithdrawalPlan(pool, trackId),
    async withdraw(trackId, { by, reason }) {
      const known = await readWithdrawn(pool, trackId);
      if (known !== null) return known;
      const { at } = await appendOperation(rest, { kind: 'withdraw', by, target: trackId, reason });
      await noteWithdrawn(pool, { trackId, by, at, reason });
      await operationsApplied({ pool, ...rest }, { patienceMs: PATIENCE_MS });
      const standing: WithdrawnTrack = { trackId, by, at: new Date(at).toISOString(), reason, erased: false };
      return (await readWithdrawn(pool, trackId)) ?? standing;
    },
  };
}
