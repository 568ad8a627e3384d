import { applyRuns } from './apply-runs.ts';
import { applySightings, applyTracks } from './apply-tracks.ts';
import type { Changes } from './changes.ts';
import { type FeedEntry, operationEntries, playlistEntry, trackEntry } from './feed-entry.ts';
import type { Checkpoint, ProjectionTransaction } from './ports.ts';
import { withdrawalsOf } from './withdrawal.ts';

/**
 * Applies one batch's changes and moves the checkpoint, all in the given transaction. Every transaction locks in the same order:
 * its checkpoint, withdrawals, tracks, their marks, playlists, tracks of runs, runs, operations, the feed.
 * @returns whether to commit; `false` when the partition is no longer ours
 */
export async function apply(
  transaction: ProjectionTransaction,
  checkpoint: Checkpoint,
  next: number,
  changes: Changes,
): Promise<boolean> {
  if (!(await transaction.advance(checkpoint, next))) return false;
  const withdrawals = withdrawalsOf(changes.operations.values());
  if (withdrawals.size > 0) await transaction.withdraw([...withdrawals.values()]);
  const tracks = await applyTracks(transaction, changes.tracks, [...withdrawals.keys()]);
  const playlists = await applySightings(transaction, tracks.sighted);
  const runs = await applyRuns(transaction, changes, tracks.withdrawn);
  const operations = [...changes.operations.values()];
  await transaction.addOperations(operations);
  const runIds = runIdsByTrack(changes);
  const entries: readonly FeedEntry[] = [
    ...playlists.map(playlistEntry),
    ...tracks.changed.map((row) => trackEntry(row, runIds.get(row.trackId) ?? [])),
    ...tracks.erased.map((trackId): FeedEntry => ({ type: 'withdrawn', body: { trackId } })),
    ...runs.fresh.map((body): FeedEntry => ({ type: 'letter', body })),
    ...runs.changed.map((body): FeedEntry => ({ type: 'run', body })),
    ...operations.flatMap(operationEntries),
  ];
  if (entries.length > 0) await transaction.publish(entries);
  return true;
}

function runIdsByTrack({ runTracks }: Changes): ReadonlyMap<string, readonly string[]> {
  const byTrack = new Map<string, string[]>();
  for (const { trackId, runId } of runTracks.values()) {
    byTrack.set(trackId, [...(byTrack.get(trackId) ?? []), runId]);
  }
  return byTrack;
}
