import { parseArgs } from 'node:util';

/** What every benchmark takes. */
export type BenchOptions = {
  /** The last line of the output is one JSON object. */
  readonly json: boolean;
  readonly tracks: number;
  /** Write a CPU profile of the process under test. */
  readonly profile: boolean;
};

/** Reads a benchmark's arguments; what cannot be read ends the process with 2. */
export function benchOptions(defaults: { readonly tracks: number }): BenchOptions {
  try {
    const { values } = parseArgs({
      options: { json: { type: 'boolean' }, tracks: { type: 'string' }, profile: { type: 'boolean' } },
    });
    const tracks = Number(values.tracks ?? defaults.tracks);
    if (!Number.isSafeInteger(tracks) || tracks < 100) throw new Error('--tracks takes a whole number from 100.');
    return { json: values.json === true, tracks, profile: values.profile === true };
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(2);
  }
}
