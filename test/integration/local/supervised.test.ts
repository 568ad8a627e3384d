import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { identify } from '#local/process-identity.ts';
import { type ServiceCommand, startSupervised } from '#local/supervised.ts';
import { until } from '#local/wait.ts';
import { exposedIn } from '#test/support/exposed.ts';
import { emptyFolder } from '#test/support/folder.ts';

/** Stands in our environment, and nowhere else. */
const SECRET = 'kept-from-services';

/** A service with a child of its own; it writes both pids to a file when it stands. */
const groupOfTwo = (pidFile: string, more = ''): string => `
  const child = require('node:child_process').spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)']);
  require('node:fs').writeFileSync(${JSON.stringify(pidFile)}, JSON.stringify([process.pid, child.pid]));
  setTimeout(() => {}, 60000);
  ${more}
`;

const command = (folder: string, script: string): ServiceCommand => ({
  command: process.execPath,
  args: ['-e', script],
  log: join(folder, 'log'),
  signal: 'SIGTERM',
  graceMs: 300,
});

const pidsIn = async (pidFile: string): Promise<number[]> => {
  const read = () => existsSync(pidFile) && readFileSync(pidFile, 'utf8').endsWith(']');
  expect(await until(read, 10_000)).toBe(true);
  return JSON.parse(readFileSync(pidFile, 'utf8'));
};

const allGone = (pids: readonly number[]) => until(() => pids.every((pid) => identify(pid) === null), 10_000);

/** A process that starts the service and does nothing more. */
const parentOf = async (service: ServiceCommand): Promise<{ parent: ChildProcess; watcher: number }> => {
  const module = pathToFileURL(join(import.meta.dirname, '../../../src/local/supervised.ts')).href;
  const code = `
    const { startSupervised } = await import(${JSON.stringify(module)});
    console.log((await startSupervised(${JSON.stringify(service)})).watcherPid);
    setTimeout(() => {}, 60_000);
  `;
  const args = ['--input-type=module', '-e', code];
  const env = { ...process.env, SPOTIFY_CLIENT_SECRET: SECRET };
  const parent = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void parent.kill('SIGKILL'));
  const [line] = await once(parent.stdout, 'data');
  return { parent, watcher: Number(line) };
};

describe('a supervised service', () => {
  test('and its children are gone soon after its parent was killed with -9', async () => {
    const folder = emptyFolder();
    const pidFile = join(folder, 'pids');
    const { parent, watcher } = await parentOf(command(folder, groupOfTwo(pidFile)));
    const group = await pidsIn(pidFile);
    expect(group.map((pid) => identify(pid) === null)).toEqual([false, false]);
    parent.kill('SIGKILL');
    expect(await allGone([...group, watcher])).toBe(true);
  });

  test.runIf(process.platform === 'linux')(
    'is told what it needs, and no secret stands in its environment, its watcher’s or a command line',
    async () => {
      const folder = emptyFolder();
      const pidFile = join(folder, 'pids');
      const tell = 'console.log(JSON.stringify([process.env.PATH, process.env.PORT_OF_SERVICE]))';
      const env = { PORT_OF_SERVICE: 'told-to-the-service-alone' };
      const { watcher } = await parentOf({ ...command(folder, groupOfTwo(pidFile, tell)), env });
      const group = await pidsIn(pidFile);
      const told = () => readFileSync(join(folder, 'log'), 'utf8');
      expect(await until(() => told().endsWith('\n'), 10_000)).toBe(true);
      expect(JSON.parse(told())).toEqual([process.env['PATH'], env.PORT_OF_SERVICE]);
      expect(exposedIn([...group, watcher], SECRET)).toEqual([]);
      expect(exposedIn([...group, watcher], env.PORT_OF_SERVICE)).toEqual(
        group.map((pid) => `the environment of process ${pid}`),
      );
    },
  );

  test('that does not listen is killed when its time is up', async () => {
    const folder = emptyFolder();
    const pidFile = join(folder, 'pids');
    const deaf = groupOfTwo(pidFile, `process.on('SIGTERM', () => {})`);
    const { parent } = await parentOf(command(folder, deaf));
    const group = await pidsIn(pidFile);
    parent.kill('SIGKILL');
    expect(await allGone(group)).toBe(true);
  });

  test('is asked to end in order when it is stopped, and stopping waits for it', async () => {
    const folder = emptyFolder();
    const pidFile = join(folder, 'pids');
    const tidy = `process.on('SIGTERM', () => { console.log('tidied up'); process.exit(0); })`;
    const service = await startSupervised(command(folder, groupOfTwo(pidFile, tidy)));
    await pidsIn(pidFile);
    expect(service.alive()).toBe(true);
    await Promise.all([service.stop(), service.stop()]);
    expect([identify(service.pid), service.alive()]).toEqual([null, false]);
    expect(readFileSync(join(folder, 'log'), 'utf8')).toContain('tidied up');
  });

  test('that ends by itself is seen as ended and can still be stopped', async () => {
    const service = await startSupervised(command(emptyFolder(), 'process.exit(3)'));
    expect(await until(() => !service.alive(), 10_000)).toBe(true);
    await service.stop();
  });

  test('that cannot be started says so', async () => {
    const missing = { ...command(emptyFolder(), ''), command: '/no/such/program' };
    await expect(startSupervised(missing)).rejects.toThrow('/no/such/program could not be started');
  });
});
