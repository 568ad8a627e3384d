import { z } from 'zod';
import { sandboxCredentials } from './credentials.ts';
import { type PaceName, paceNames } from './http/pace.ts';
import { originNames, type Sandbox, startSandbox } from './start.ts';

/** What `linernotes sandbox` takes; all of it can be left out. `port` is the first of eight in a row, 0 for free ones. */
export const sandboxArguments = z.object({
  pace: z.enum(paceNames).default('demo'),
  port: z.coerce.number().int().min(0).max(65_527).default(0),
  seed: z.string().min(1).optional(),
});

export type SandboxArguments = { pace: PaceName; port: number; seed?: string | undefined };

/** The environment that points every provider at the sandbox: origins and the only credentials it accepts. */
export function sandboxEnvironment(sandbox: Sandbox): Readonly<Record<string, string>> {
  return { ...sandbox.urls, ...sandboxCredentials };
}

/**
 * Runs the sandbox alone until the signal aborts: prints its origins as shell assignments, then waits.
 * Fails when a port is taken.
 */
export async function runSandbox(
  { pace, port, seed }: SandboxArguments,
  { signal, print }: { signal: AbortSignal; print: (line: string) => void },
): Promise<void> {
  const names = ['CONTROL', ...originNames] as const;
  const ports = Object.fromEntries(names.map((name, index) => [name, port === 0 ? 0 : port + index]));
  const sandbox = await startSandbox({ pace, ports, ...(seed === undefined ? {} : { seed }) });
  print(
    `# Sandbox data: made-up providers at pace "${pace}". Calls: ${sandbox.controlUrl}/_calls  Faults: ${sandbox.controlUrl}/_faults`,
  );
  for (const [name, value] of Object.entries(sandboxEnvironment(sandbox))) print(`export ${name}=${value}`);
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  await sandbox.stop();
}
