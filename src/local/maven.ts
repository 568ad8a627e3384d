import { localFailure } from './failure.ts';
import { run } from './run.ts';

const PLUGIN = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1';

/** Maven's local repository does not bear two Mavens at once, so calls take turns. */
let last: Promise<unknown> = Promise.resolve();

const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
  const mine = last.then(work, work);
  last = mine.catch(() => undefined);
  return mine;
};

/** Whether `mvn` is on the PATH and works. */
export const hasMaven = async (): Promise<boolean> => (await run('mvn', ['-v'], { timeoutMs: 60_000 })).ok;

/**
 * Runs one goal of the dependency plugin, with the user's own Maven settings (mirrors, proxies) and strict checksums.
 * Throws with Maven's own words when it fails.
 */
export const mavenDependency = (goal: string, options: readonly string[], what: string): Promise<void> =>
  inTurn(async () => {
    const done = await run('mvn', ['-q', '-B', '-ntp', '-C', `${PLUGIN}:${goal}`, ...options]);
    if (!done.ok) throw localFailure(`Maven could not fetch ${what}:\n${done.output.trim().slice(-2000)}`);
  });
