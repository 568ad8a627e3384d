// Brings node_modules in line with package-lock.json. Built-ins of Node 18 only: it runs before anything is installed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const jsonOrNull = (file) => {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
};

/** What the packages were installed for; another lock, system or processor needs other ones. */
const wanted = (root) => ({
  lock: createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex'),
  platform: `${process.platform}-${process.arch}`,
});

/** npm writes down what it installed; packages for other platforms are in the lock and rightly not there. */
const installedAsLocked = (root) => {
  const locked = jsonOrNull(join(root, 'package-lock.json'))?.packages ?? {};
  const installed = jsonOrNull(join(root, 'node_modules', '.package-lock.json'))?.packages;
  if (installed === undefined) return false;
  return Object.entries(locked).every(([path, { version, integrity, optional, link }]) => {
    if (path === '' || link) return true;
    const there = installed[path];
    if (there === undefined) return optional === true;
    return there.version === version && there.integrity === integrity;
  });
};

const stampOf = (root) => join(root, 'node_modules', '.linernotes-installed.json');
export const pinnedNode = (root) => join(root, 'node_modules', '.bin', 'node');

/** Whether `npm ci` has to run. A stamp answers quickly; without a fitting one npm's own record is compared. */
const isStale = (root) => {
  if (!existsSync(pinnedNode(root))) return true;
  const now = wanted(root);
  const stamp = jsonOrNull(stampOf(root));
  if (stamp !== null && stamp.platform !== now.platform) return true;
  if (stamp !== null && stamp.lock === now.lock) return false;
  if (!installedAsLocked(root)) return true;
  writeFileSync(stampOf(root), JSON.stringify(now));
  return false;
};

const npmCommand = (args) => {
  const npm = process.env.npm_execpath;
  return npm?.endsWith('.js') ? [process.execPath, [npm, ...args]] : ['npm', args];
};

/** Installs if need be. Returns null, or a text that says what to do. */
export const install = (root) => {
  if (!isStale(root)) return null;
  process.stderr.write('Installing packages (npm ci) …\n');
  rmSync(stampOf(root), { force: true });
  // The dev packages are needed too (Node 24 is one). Warnings are left out: that this Node is too old for the packages, which
  // is no trouble, for they bring their own. What npm prints must not get into the output of a command.
  const [command, args] = npmCommand(['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error']);
  const done = spawnSync(command, args, { cwd: root, stdio: ['ignore', 2, 2] });
  if (done.error?.code === 'ENOENT') {
    return 'npm is not on the PATH. It comes with Node.js: install Node.js 18 or newer (nodejs.org, or your system).';
  }
  if (done.status !== 0) {
    const how = done.signal ?? `exit code ${done.status}`;
    return `npm ci failed (${how}); what it said is above. Mend that, then try again. Is it the network? Ask: npm ping`;
  }
  if (!existsSync(pinnedNode(root))) {
    return 'npm ci left no Node 24 in node_modules/.bin: install scripts are switched off. Try: npm ci --ignore-scripts=false';
  }
  writeFileSync(stampOf(root), JSON.stringify(wanted(root)));
  return null;
};
