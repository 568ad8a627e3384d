/**
 * The seeds of the kill tests: `CHAOS_SEED=7` runs that one alone, else as many as the project says, from 1 on.
 * A seed decides tracks, victims and moments; what the processes do in between is their own.
 */
export function chaosSeeds(env: NodeJS.ProcessEnv): readonly number[] {
  const only = Number.parseInt(env['CHAOS_SEED'] ?? '', 10);
  if (!Number.isNaN(only)) return [only];
  const count = Number.parseInt(env['CHAOS_REPETITIONS'] ?? '3', 10);
  return Array.from({ length: count }, (_, index) => index + 1);
}
