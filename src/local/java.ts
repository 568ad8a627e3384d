import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { run } from './run.ts';

export type Java = { readonly path: string; readonly major: number };

const installed = (folder: string): string[] =>
  existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name, 'bin', 'java')) : [];

const macHome = async (): Promise<string[]> => {
  if (process.platform !== 'darwin') return [];
  const asked = await run('/usr/libexec/java_home', ['-v', '17+']);
  return asked.ok ? [join(asked.output.trim(), 'bin', 'java')] : [];
};

const candidates = async (env: NodeJS.ProcessEnv): Promise<string[]> => {
  const home = env['JAVA_HOME'];
  const onPath = (env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, 'java'));
  const all = [
    ...(home === undefined ? [] : [join(home, 'bin', 'java')]),
    ...onPath,
    ...installed('/usr/lib/jvm'),
    ...(await macHome()),
  ];
  return [...new Set(all)].filter((path) => existsSync(path));
};

/** The major version in the answer of `java -version` (`"17.0.15"`, `"25"`, and `"1.8.0_402"` for 8), or null. */
export const majorVersion = (answer: string): number | null => {
  const [, first = '', second = ''] = /version "(\d+)(?:\.(\d+))?/.exec(answer) ?? [];
  if (first === '') return null;
  return Number(first === '1' ? second : first);
};

/** All Java runtimes of this machine, in the order `JAVA_HOME`, the PATH, `/usr/lib/jvm`, `java_home` (macOS). */
export const findJavas = async (env: NodeJS.ProcessEnv): Promise<Java[]> => {
  const found = await Promise.all(
    (await candidates(env)).map(async (path) => {
      const asked = await run(path, ['-version'], { timeoutMs: 20_000 });
      return { path, major: majorVersion(asked.output) ?? 0 };
    }),
  );
  return found.filter((java) => java.major > 0);
};

/** The first runtime of at least this major version, or null. */
export const javaOf = (javas: readonly Java[], atLeast: number): Java | null =>
  javas.find((java) => java.major >= atLeast) ?? null;
