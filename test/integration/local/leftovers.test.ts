import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { endLeftovers, record } from '#local/leftovers.ts';
import { identify } from '#local/process-identity.ts';
import { emptyFolder } from '#test/support/folder.ts';

/** A process that says when it is ready, and ends by itself after a minute whatever happens to the test. */
const someProcess = async (script = ''): Promise<number> => {
  const code = `${script}; setTimeout(() => undefined, 60_000); console.log('ready')`;
  const child = spawn(process.execPath, ['-e', code], { detached: true, stdio: ['ignore', 'pipe', 'ignore'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  return child.pid ?? 0;
};

const recordFile = () => join(emptyFolder(), 'running.json');

describe('leftovers of an earlier start', () => {
  test('are ended and forgotten', async () => {
    const file = recordFile();
    const [first, second] = [await someProcess(), await someProcess()];
    record(file, [{ what: 'one', pid: first, signal: 'SIGTERM' }]);
    record(file, [{ what: 'two', pid: second, signal: 'SIGINT' }]);
    const ended = await endLeftovers(file);
    expect(ended.map(({ what }) => what)).toEqual(['one', 'two']);
    expect([identify(first), identify(second), existsSync(file)]).toEqual([null, null, false]);
  });

  test('are killed when they do not listen', async () => {
    const file = recordFile();
    const pid = await someProcess(`process.on('SIGTERM', () => undefined)`);
    record(file, [{ what: 'deaf', pid, signal: 'SIGTERM' }]);
    await endLeftovers(file, 100);
    expect(identify(pid)).toBeNull();
  });

  test('do not include a process that merely got the pid of one', async () => {
    const file = recordFile();
    const pid = await someProcess();
    record(file, [{ what: 'service', pid, signal: 'SIGKILL' }]);
    const [entry] = JSON.parse(readFileSync(file, 'utf8'));
    writeFileSync(file, JSON.stringify([{ ...entry, identity: 'another start' }]));
    expect(await endLeftovers(file)).toEqual([]);
    expect(identify(pid)).toBe(entry.identity);
  });

  test('are none where nothing was recorded or the record is torn', async () => {
    const file = recordFile();
    expect(await endLeftovers(file)).toEqual([]);
    writeFileSync(file, '[{"what":');
    expect(await endLeftovers(file)).toEqual([]);
  });
});
