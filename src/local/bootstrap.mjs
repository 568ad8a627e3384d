// The way in: `npm start`, `npm test`, `npm run bench` and `npm run linernotes` come here with whatever Node the machine has (18 or newer).
// Installs what is missing, then hands over to the Node 24 that the lock file pins.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { install, pinnedNode } from './install.mjs';
import { NODE_FLAGS, nodeEnvironment } from './node-options.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Everything that `npm test` runs; each is a project of test/vitest.config.ts. */
const SUITES = ['unit', 'repository', 'contract', 'integration', 'e2e', 'chaos'];

const isFile = (argument) => !argument.startsWith('-') && (argument.includes('/') || existsSync(argument));

/** All suites, unless the arguments choose for themselves. */
const testArguments = (given) => {
  const chosen = given.some((argument) => argument.startsWith('--project') || isFile(argument));
  const suites = chosen ? [] : SUITES.map((name) => `--project=${name}`);
  return ['run', '--config=test/vitest.config.ts', ...suites, ...given];
};

/** Every file in test/bench is a benchmark; its folders hold their parts. */
const benchArguments = ([name, ...given]) => {
  const folder = join(root, 'test', 'bench');
  const names = readdirSync(folder).flatMap((file) => (file.endsWith('.ts') ? [file.slice(0, -3)] : []));
  if (names.includes(name)) return [join(folder, `${name}.ts`), ...given];
  process.stderr.write(
    `${name === undefined ? 'Name a benchmark' : `There is no benchmark "${name}"`}: ${names.join(', ')}\n`,
  );
  process.exit(2);
};

const problem = install(root);
if (problem !== null) {
  process.stderr.write(`${problem}\n`);
  process.exit(1);
}

const [command, ...rest] = process.argv.slice(2);
const programs = {
  test: () => [join(root, 'node_modules', 'vitest', 'vitest.mjs'), ...testArguments(rest)],
  bench: () => benchArguments(rest),
};
const program = programs[command]?.() ?? [join(root, 'src', 'main.ts'), ...process.argv.slice(2)];
const child = spawn(pinnedNode(root), [...NODE_FLAGS, ...program], {
  stdio: 'inherit',
  env: nodeEnvironment(root, process.env),
});

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
