import { readFileSync } from 'node:fs';

const textOf = (file: string): string | null => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
};

/**
 * Where a text stands in the command lines (which everybody may read) and the environments of processes; needs /proc.
 * Fails when the environment of a process that runs cannot be read: then nobody knows.
 */
export function exposedIn(pids: readonly number[], text: string): readonly string[] {
  return pids.flatMap((pid) => {
    const environment = textOf(`/proc/${pid}/environ`);
    const line = textOf(`/proc/${pid}/cmdline`);
    // Ended in the meantime.
    if (line === null || line === '') return [];
    if (environment === null) throw new Error(`The environment of process ${pid} cannot be read.`);
    return [
      ...(line.includes(text) ? [`the command line of process ${pid}`] : []),
      ...(environment.includes(text) ? [`the environment of process ${pid}`] : []),
    ];
  });
}
