import type { Io } from './command.ts';

/** A way to ask the person at the terminal after showing what it is about (on stderr: stdout is for the answer); `null` without one. */
export const asked = ({ ask, err }: Io, question: string) =>
  ask === undefined
    ? null
    : async (_about: unknown, lines: readonly string[]): Promise<boolean> => {
        for (const line of lines) err(line);
        err('');
        return ask(question);
      };
