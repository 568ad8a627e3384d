import { readFile } from 'node:fs/promises';
import { bareEnvironment } from './environment.ts';
import { localFailure } from './failure.ts';
import { run } from './run.ts';

type Account = { readonly uid: number; readonly gid: number };

/** How to run a program of Postgres. */
export type RunAs = {
  /** Who must own the data folder; null if it is ours already. */
  readonly owner: Account | null;
  /** What to spawn it with. */
  readonly identity: Account | Record<string, never>;
  /** A program and its options to put before it. */
  readonly prefix: readonly string[];
};

const account = (passwd: string, name: string): Account | null => {
  const fields = passwd.split('\n').map((line) => line.split(':'));
  const entry = fields.find(([first]) => first === name);
  return entry === undefined ? null : { uid: Number(entry[2]), gid: Number(entry[3]) };
};

/** Whether this account gets through all folders above the paths. */
const reaches = async (user: Account, paths: readonly string[]): Promise<boolean> => {
  const tested = await Promise.all(
    paths.map((path) => run('test', ['-x', path], { ...user, env: bareEnvironment(process.env), cwd: '/' })),
  );
  return tested.every(({ ok }) => ok);
};

/**
 * As whom Postgres runs, which refuses root: ourselves, or for root the account `postgres` if there is one, else `nobody`
 * (initdb wants an account with a name; none is made). If that account cannot reach the program or the data folder, as
 * under `/root`, root runs it in a user namespace where it goes by that account's id: files are its own there as before.
 */
export const postgresUser = async (program: string, folder: string): Promise<RunAs> => {
  if (process.getuid?.() !== 0) return { owner: null, identity: {}, prefix: [] };
  const passwd = await readFile('/etc/passwd', 'utf8');
  const user = account(passwd, 'postgres') ?? account(passwd, 'nobody');
  if (user === null)
    throw localFailure('Postgres does not run as root, and there is no account "postgres" or "nobody".');
  if (await reaches(user, [program, folder])) return { owner: user, identity: user, prefix: [] };
  const options = ['--user', `--map-user=${user.uid}`, `--map-group=${user.gid}`];
  const renamed = await run('unshare', [...options, program, '--version'], { cwd: '/' });
  if (renamed.ok) return { owner: null, identity: {}, prefix: ['unshare', ...options] };
  throw localFailure(
    `Postgres does not run as root, and the account it would run as cannot reach ${program} or ${folder}:\n` +
      `${renamed.output}\nPut the checkout outside of closed folders such as /root, work as another user, or set DATABASE_URL.`,
  );
};
