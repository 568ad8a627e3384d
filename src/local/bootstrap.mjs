// The way in: `npm start`, `npm test` and `npm run linernotes` come here with whatever Node the machine has (18 or newer).
// Installs what is missing, then hands over to the Node 24 that the lock file pins.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { install, pinnedNode } from './install.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** kafkajs 2.2 sets timers in the past while it is idle; Node 24 warns of that once a process, and nobody can act on it. */
const QUIET = '--disable-warning=TimeoutNegativeWarning';

/** Everything that `npm test` runs; each is a project of test/vitest.config.ts. */
const SUITES = ['unit', 'repository', 'contract', 'integration', 'e2e', 'chaos'];

const isFile = (argument) => !argument.startsWith('-') && (argument.includes('/') || existsSync(argument));

/** All suites, unless the arguments choose for themselves. */
const testArguments = (given) => {
  const chosen = given.some((argument) => argument.startsWith('--project') || isFile(argument));
  const suites = chosen ? [] : SUITES.map((name) => `--project=${name}`);
  return ['run', '--config=test/vitest.config.ts', ...suites, ...given];
};

const problem = install(root);
if (problem !== null) {
  process.stderr.write(`${problem}\n`);
  process.exit(1);
}

const [command, ...rest] = process.argv.slice(2);
const program =
  command === 'test'
    ? [join(root, 'node_modules', 'vitest', 'vitest.mjs'), ...testArguments(rest)]
    : [join(root, 'src', 'main.ts'), ...process.argv.slice(2)];
const child = spawn(pinnedNode(root), [QUIET, ...program], { stdio: 'inherit' });

/** A terminal sends ^C to the child as well: passing it on would look like a second, impatient one. */
const passOn = (signal) => {
  if (signal === 'SIGINT' && process.stdin.isTTY) return;
  child.kill(signal);
};
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => passOn(signal));

child.on('error', (error) => {
  process.stderr.write(`Node 24 could not be started: ${error.message}\n`);
  process.exit(1);
});
child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
