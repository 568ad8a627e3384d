import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { emptyFolder } from '#test/support/folder.ts';

const lock = (version: string) =>
  JSON.stringify({
    packages: {
      '': {},
      'node_modules/thing': { version, integrity: 'sha512-a' },
      'node_modules/other-system': { version, integrity: 'sha512-b', optional: true },
    },
  });

/** Stands in for npm: notes that it was called, and installs this Node and what the lock says. */
const npm = `
  const fs = require('node:fs');
  fs.appendFileSync('npm-calls', process.argv.slice(2).join(' ') + '\\n');
  console.log('added 1 package');
  if (!process.argv.includes('--loglevel=error')) console.error('npm warn EBADENGINE Unsupported engine');
  if (fs.existsSync('npm-fails')) {
    console.error('npm error network');
    process.exit(7);
  }
  fs.rmSync('node_modules', { recursive: true, force: true });
  fs.mkdirSync('node_modules/.bin', { recursive: true });
  if (!fs.existsSync('no-scripts')) fs.symlinkSync(process.execPath, 'node_modules/.bin/node');
  const { packages } = JSON.parse(fs.readFileSync('package-lock.json', 'utf8'));
  const { '': root, 'node_modules/other-system': other, ...rest } = packages;
  fs.writeFileSync('node_modules/.package-lock.json', JSON.stringify({ packages: rest }));
`;

const checkout = () => {
  const folder = emptyFolder();
  const file = (name: string) => join(folder, name);
  mkdirSync(file('src/local'), { recursive: true });
  for (const name of ['bootstrap.mjs', 'install.mjs', 'node-options.mjs']) {
    cpSync(join(import.meta.dirname, '../../../src/local', name), file(`src/local/${name}`));
  }
  writeFileSync(file('package-lock.json'), lock('1.0.0'));
  writeFileSync(file('npm-stand-in.js'), npm);
  writeFileSync(file('src/main.ts'), 'console.log(JSON.stringify(process.argv.slice(2))); process.exit(3);');
  const env = { ...process.env, npm_execpath: file('npm-stand-in.js') };
  const args = (more: readonly string[]) => [file('src/local/bootstrap.mjs'), ...more];
  return {
    file,
    env,
    run: (...more: string[]) => spawnSync(process.execPath, args(more), { cwd: folder, env, encoding: 'utf8' }),
    spawn: (...more: string[]) =>
      spawn(process.execPath, args(more), { cwd: folder, env, stdio: ['ignore', 'pipe', 'ignore'] }),
    installs: () =>
      existsSync(file('npm-calls')) ? readFileSync(file('npm-calls'), 'utf8').trim().split('\n').length : 0,
  };
};

describe('the bootstrap', () => {
  test('installs what is missing, once, then passes arguments and exit code on and leaves stdout to the command', () => {
    const { run, installs } = checkout();
    const first = run('start', '--once', 'a b.json');
    expect([first.status, first.stdout]).toEqual([3, '["start","--once","a b.json"]\n']);
    expect(first.stderr).toBe('Installing packages (npm ci) …\nadded 1 package\n');
    const second = run('status');
    expect([second.status, second.stdout, installs()]).toEqual([3, '["status"]\n', 1]);
  });

  test('runs a benchmark by its name, and names those that there are', () => {
    const { run, file } = checkout();
    mkdirSync(file('test/bench/parts'), { recursive: true });
    writeFileSync(file('test/bench/quick.ts'), 'console.log(JSON.stringify(process.argv.slice(2))); process.exit(1);');
    const known = run('bench', 'quick', '--json');
    expect([known.status, known.stdout]).toEqual([1, '["--json"]\n']);
    const unknown = run('bench', 'parts');
    expect([unknown.status, unknown.stdout, unknown.stderr]).toEqual([
      2,
      '',
      expect.stringContaining('There is no benchmark "parts": quick'),
    ]);
    expect(run('bench').status).toBe(2);
  });

  test('installs again when the lock has changed', () => {
    const { run, installs, file } = checkout();
    run('start');
    writeFileSync(file('package-lock.json'), lock('2.0.0'));
    run('start');
    expect(installs()).toBe(2);
  });

  test('trusts packages that somebody else installed as the lock says', () => {
    const { run, installs, file, env } = checkout();
    spawnSync(process.execPath, [env.npm_execpath, 'ci'], { cwd: file('.') });
    run('start');
    expect(installs()).toBe(1);
  });

  test('installs again when an installation was cut short', () => {
    const { run, installs, file } = checkout();
    run('start');
    writeFileSync(file('node_modules/.package-lock.json'), '{"packages"');
    writeFileSync(file('node_modules/.linernotes-installed.json'), '');
    run('start');
    expect(installs()).toBe(2);
  });

  test('says what to do when npm ci fails, and starts nothing', () => {
    const { run, file } = checkout();
    writeFileSync(file('npm-fails'), '');
    const failed = run('start');
    expect([failed.status, failed.stdout]).toEqual([1, '']);
    expect(failed.stderr).toContain('npm error network');
    expect(failed.stderr).toContain('npm ci failed (exit code 7)');
  });

  test('says what to do when install scripts are switched off', () => {
    const { run, file } = checkout();
    writeFileSync(file('no-scripts'), '');
    const failed = run('start');
    expect(failed.status).toBe(1);
    expect(failed.stderr).toContain('npm ci --ignore-scripts=false');
  });

  test('says what to do when there is no npm', () => {
    const { file, env } = checkout();
    const failed = spawnSync(process.execPath, [file('src/local/bootstrap.mjs'), 'start'], {
      env: { ...env, npm_execpath: undefined, PATH: '/nowhere' },
      encoding: 'utf8',
    });
    expect(failed.status).toBe(1);
    expect(failed.stderr).toContain('npm is not on the PATH');
  });

  test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
    'passes %s on and waits for the command to end',
    async (signal) => {
      const { spawn: start, file } = checkout();
      writeFileSync(
        file('src/main.ts'),
        `process.on('${signal}', () => { console.log('ending'); process.exit(5); });
       setTimeout(() => {}, 60_000); console.log('up');`,
      );
      const running = start('start');
      onTestFinished(() => void running.kill('SIGKILL'));
      let output = '';
      running.stdout.on('data', (chunk) => {
        output += chunk;
      });
      await once(running.stdout, 'data');
      running.kill(signal);
      const [code] = await once(running, 'close');
      expect([code, output]).toEqual([5, 'up\nending\n']);
    },
  );
});

describe('npm test', () => {
  const vitestArguments = (...given: string[]): string[] => {
    const { run, file } = checkout();
    run('start');
    mkdirSync(file('node_modules/vitest'));
    writeFileSync(file('node_modules/vitest/vitest.mjs'), 'console.log(JSON.stringify(process.argv.slice(2)))');
    return JSON.parse(run('test', ...given).stdout);
  };
  const basis = ['run', '--config=test/vitest.config.ts'];

  test('runs every suite when nothing is chosen', () => {
    const suites = ['unit', 'repository', 'contract', 'integration', 'e2e', 'chaos'].map((name) => `--project=${name}`);
    expect(vitestArguments('-t', 'some title')).toEqual([...basis, ...suites, '-t', 'some title']);
  });

  test('runs the files or the projects that are named', () => {
    expect(vitestArguments('test/unit/local')).toEqual([...basis, 'test/unit/local']);
    expect(vitestArguments('--project', 'unit')).toEqual([...basis, '--project', 'unit']);
  });
});
