/**
 * The seeds of the kill tests: `CHAOS_SEED=7` (or `7,8`) runs these alone, else as many as the project says, from 1 on.
 * A seed decides tracks, victims and moments; what the processes do in between is their own.
 */
export function chaosSeeds(env: NodeJS.ProcessEnv): readonly number[] {
  const only = env['CHAOS_SEED']?.split(',').map(Number) ?? [];
  if (only.length > 0) return only;
  const count = Number.parseInt(env['CHAOS_REPETITIONS'] ?? '3', 10);
  return Array.from({ length: count }, (_, index) => index + 1);
}
