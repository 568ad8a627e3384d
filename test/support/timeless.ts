/** Moments, and what says which run it was: all that may differ between two runs of the same tracks. */
const PASSING = new Set(['at', 'fetchedAt', 'confirmedAt', 'runId', 'snapshotId']);

/** A value without moments, runs and snapshots, at any depth. */
export function timeless(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(timeless);
  if (value === null || typeof value !== 'object') return value;
  const kept = Object.entries(value).filter(([name]) => !PASSING.has(name));
  return Object.fromEntries(kept.map(([name, inner]) => [name, timeless(inner)]));
}
