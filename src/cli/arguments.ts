import { resolve } from 'node:path';
import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';

/** What stands on a command line: its words, its flags (`--name`) and options (`--name value`), or what is wrong with it. */
export type Arguments =
  | {
      readonly words: readonly string[];
      readonly flags: ReadonlySet<string>;
      readonly options: Readonly<Record<string, string>>;
    }
  | { readonly wrong: string };

/**
 * Reads words, flags and options.
 * @param known every flag the command has, without dashes
 * @param valued every option that takes a value, without dashes
 */
export function argumentsOf(
  args: readonly string[],
  known: readonly string[],
  valued: readonly string[] = [],
): Arguments {
  const options: ParseArgsOptionsConfig = Object.fromEntries([
    ...known.map((flag) => [flag, { type: 'boolean' }] as const),
    ...valued.map((option) => [option, { type: 'string' }] as const),
  ]);
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    const texts = Object.entries(values).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
    const flags = Object.keys(values).filter((name) => values[name] === true);
    return { words: positionals, flags: new Set(flags), options: Object.fromEntries(texts) };
  } catch (error) {
    return { wrong: error instanceof Error ? error.message : String(error) };
  }
}

/** Files as the user named them: npm runs us in the package's folder and says in INIT_CWD where the user stood. */
export const filesOf = (
  words: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): readonly string[] => words.map((word) => (word === '-' ? word : resolve(env['INIT_CWD'] ?? '.', word)));

/** Why the user does it, by `--reason TEXT`, where that must be said. */
export const reasonIn = (options: Readonly<Record<string, string>>): string | { readonly wrong: string } =>
  options['reason']?.trim() || { wrong: 'Say why: --reason TEXT. It stays in the audit.' };
