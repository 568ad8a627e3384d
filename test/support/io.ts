import type { Command, Io } from '#cli/command.ts';

/** What a command said and how it ended. */
export type Said = { readonly exit: number; readonly out: readonly string[]; readonly err: readonly string[] };

/** Runs a command in this process, as a person without a terminal would. */
export async function runCommand(
  command: Command,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Said> {
  const out: string[] = [];
  const err: string[] = [];
  const io: Io = {
    out: (line) => out.push(line),
    err: (line) => err.push(line),
    env,
    signal: new AbortController().signal,
    tty: false,
  };
  return { exit: await command.run(args, io), out, err };
}
