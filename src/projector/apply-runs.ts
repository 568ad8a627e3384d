import { isDeepStrictEqual } from 'node:util';
import type { Changes } from './changes.ts';
import type { Letter } from './letter.ts';
import type { ProjectionTransaction } from './ports.ts';
import { addStep, noDelta, type RunDelta } from './run-delta.ts';
import type { RunRow } from './run-row.ts';
import { mergeRunTracks, type RunTrackRow, runTrackRow } from './run-track.ts';

/**
 * Folds the batch into the runs: rows per (run, track) first, then the counters by exactly the steps these rows took. They tell
 * nothing of a track but how far it came, so a withdrawn one goes on in its runs, and they finish; of its letters the message is
 * left out.
 */
export async function applyRuns(
  transaction: ProjectionTransaction,
  { runTracks, runs, letters }: Pick<Changes, 'runTracks' | 'runs' | 'letters'>,
  withdrawn: ReadonlySet<string>,
): Promise<{ readonly changed: readonly RunRow[]; readonly fresh: readonly Letter[] }> {
  const deltas = new Map<string, RunDelta>([...runs.keys()].map((runId) => [runId, noDelta()]));
  await stepRunTracks(transaction, runTracks, deltas);
  const kept = [...letters.values()].map((letter) => (withdrawn.has(letter.trackId ?? '') ? unsaid(letter) : letter));
  const fresh = await keepLetters(transaction, kept, deltas);
  const changed = await transaction.addToRuns(
    [...runs.values()].map((facts) => ({ facts, delta: deltas.get(facts.runId) ?? noDelta() })),
  );
  return { changed, fresh };
}

async function stepRunTracks(
  transaction: ProjectionTransaction,
  shares: Changes['runTracks'],
  deltas: ReadonlyMap<string, RunDelta>,
): Promise<void> {
  if (shares.size === 0) return;
  const stored = await transaction.lockRunTracks([...shares.values()]);
  const changed: RunTrackRow[] = [];
  for (const [key, share] of shares) {
    const before = stored.get(key) ?? null;
    const after = mergeRunTracks(before ?? share, share);
    if (before !== null && isDeepStrictEqual(before, after)) continue;
    const delta = deltas.get(share.runId);
    if (delta === undefined) throw new Error(`A track of run ${share.runId} came without its run.`);
    addStep(delta, before, after);
    changed.push(runTrackRow(after));
  }
  await transaction.saveRunTracks(changed);
}

/** A message may quote what a provider said of the track. */
const unsaid = (letter: Letter): Letter => ({ ...letter, message: '' });

async function keepLetters(
  transaction: ProjectionTransaction,
  letters: readonly Letter[],
  deltas: ReadonlyMap<string, RunDelta>,
): Promise<readonly Letter[]> {
  if (letters.length === 0) return [];
  const added = await transaction.addLetters(letters);
  const fresh = letters.filter(({ letterId }) => added.has(letterId));
  for (const { letterId, runId } of fresh) {
    const delta = runId === null ? undefined : deltas.get(runId);
    if (delta !== undefined && added.get(letterId) === 'new') delta.letters += 1;
  }
  return fresh;
}
