import { trackIdOf } from '#track/identity.ts';
import type { OperationRow } from './operation-row.ts';

/** A track that nothing may be known of any more: who withdrew it, when, why, and where the operation stands. */
export type Withdrawal = Pick<OperationRow, 'by' | 'at' | 'reason' | 'position'> & { readonly trackId: string };

/** The withdrawals among operations, by track; of several of one track the first counts. One that names no track withdraws none. */
export function withdrawalsOf(operations: Iterable<OperationRow>): ReadonlyMap<string, Withdrawal> {
  const byTrack = new Map<string, Withdrawal>();
  for (const { kind, target, by, at, reason, position } of operations) {
    const trackId = kind === 'withdraw' ? trackIdOf(target) : null;
    if (trackId === null || (byTrack.get(trackId)?.position ?? position) < position) continue;
    byTrack.set(trackId, { trackId, by, at, reason, position });
  }
  return byTrack;
}
