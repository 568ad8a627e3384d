import { z } from 'zod';
import { runSandbox, sandboxArguments } from '#sandbox/command.ts';

/**
 * Runs the sandbox alone until the signal aborts.
 * @returns what is wrong with the arguments, or `null` after a clean stop
 */
export async function runSandboxAlone(
  given: Readonly<Record<string, string | undefined>>,
  io: { readonly signal: AbortSignal; readonly print: (line: string) => void },
): Promise<string | null> {
  const read = sandboxArguments.safeParse(given);
  if (!read.success) return z.prettifyError(read.error);
  await runSandbox(read.data, io);
  return null;
}
