import { resolve } from 'node:path';
import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';

/** What stands on a command line: its words and its flags (`--name`), or what is wrong with it. */
export type Arguments =
  | { readonly words: readonly string[]; readonly flags: ReadonlySet<string> }
  | { readonly wrong: string };

/**
 * Reads words and flags without values.
 * @param known every flag the command has, without dashes
 */
export function argumentsOf(args: readonly string[], known: readonly string[]): Arguments {
  const options: ParseArgsOptionsConfig = Object.fromEntries(known.map((flag) => [flag, { type: 'boolean' }]));
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    return { words: positionals, flags: new Set(Object.keys(values)) };
  } catch (error) {
    return { wrong: error instanceof Error ? error.message : String(error) };
  }
}

/** Files as the user named them: npm runs us in the package's folder and says in INIT_CWD where the user stood. */
export const filesOf = (
  words: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): readonly string[] => words.map((word) => (word === '-' ? word : resolve(env['INIT_CWD'] ?? '.', word)));
