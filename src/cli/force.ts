import { PHASES } from '#track/phase.ts';

const isPhases = (text: string): boolean =>
  text.split(',').every((one) => (PHASES as readonly string[]).includes(one.trim()));

/**
 * `--force` may stand alone, for the phase itself, or before the phases that it means; the parser of options knows only one of both.
 * @returns the arguments with a value behind every `--force`; alone it is `=phase`
 */
export const withForceValue = (args: readonly string[]): readonly string[] =>
  args.flatMap((arg, at) => {
    const next = args[at + 1];
    return arg === '--force' && (next === undefined || !isPhases(next)) ? ['--force=phase'] : [arg];
  });

/** The phases that `--force` names, `true` for the phase itself, or what is wrong with it. */
export function forceOf(value: string): readonly string[] | true {
  return value === 'phase' ? true : value.split(',').map((one) => one.trim());
}
