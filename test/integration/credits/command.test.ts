import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { command } from '#cli/credits.ts';
import { type Sandbox, startSandbox } from '#sandbox/start.ts';
import { caseId } from '#sandbox/web-player/cases.ts';
import { chromiumPath } from '#test/support/addresses.ts';
import { runCommand } from '#test/support/io.ts';
import { type PreparedPools, preparedPools } from '#test/support/pools.ts';

const ID = caseId(2);
let sandbox: Sandbox;
let pools: PreparedPools;
let folder: string;

beforeAll(async () => {
  [sandbox, pools, folder] = await Promise.all([
    startSandbox({ pace: 'zero' }),
    preparedPools(),
    mkdtemp(join(tmpdir(), 'linernotes-')),
  ]);
});
afterAll(async () => {
  await Promise.all([sandbox.stop(), pools.close(), rm(folder, { recursive: true })]);
});

const credits = (...args: readonly string[]) =>
  runCommand(command, args, {
    DATABASE_URL: pools.url,
    KAFKA_BROKERS: '127.0.0.1:1',
    SCHEMA_REGISTRY_URL: 'http://127.0.0.1:1',
    SPOTIFY_WEB_URL: sandbox.urls.SPOTIFY_WEB_URL,
    CREDITS_SCRAPE: 'on',
    CHROMIUM_PATH: chromiumPath(),
  });

test('tells people what a page says', async () => {
  const { exit, out } = await credits('read', `spotify:track:${ID}`);
  expect(exit).toBe(0);
  expect(out.join('\n')).toMatch(/^ended +read$/m);
});

test('tells programs what a page says, and keeps it where it was told to', async () => {
  const { exit, out } = await credits('read', ID, '--json', '--save', folder);
  const saved = join(folder, `${ID}.json`);
  expect(exit).toBe(0);
  expect(JSON.parse(out.join('\n'))).toMatchObject({ trackId: ID, ended: 'read', failure: null, saved });
  expect(JSON.parse(await readFile(saved, 'utf8'))).toMatchObject({ status: 200, trouble: null });
});

test('says so when the player has no such track', async () => {
  const { exit, out } = await credits('read', caseId(8), '--json');
  expect(exit).toBe(3);
  expect(JSON.parse(out.join('\n'))).toMatchObject({ ended: 'not_found', credits: null });
});

test('refuses a link that names no track', async () => {
  const { exit, err } = await credits('read', 'https://example.org/track/1');
  expect(exit).toBe(2);
  expect(err.join('\n')).toContain('names no Spotify track');
});
