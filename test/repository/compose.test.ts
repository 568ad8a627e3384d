import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { NODE_FLAGS, nodeEnvironment } from '#local/node-options.mjs';

type ComposeService = { readonly image: string; readonly environment: Readonly<Record<string, string>> };

const file = readFileSync(new URL('../../docker-compose.yml', import.meta.url), 'utf8');
const services: Readonly<Record<string, ComposeService>> = parse(file, { merge: true }).services;
const ours = Object.entries(services).filter(([, { image }]) => image === 'linernotes:local');

/** What `npm run` gives every process, without the paths of a checkout. */
const given = {
  NODE_OPTIONS: NODE_FLAGS.join(' '),
  MALLOC_ARENA_MAX: nodeEnvironment('', {}).MALLOC_ARENA_MAX,
};

describe('docker-compose.yml', () => {
  it('runs every worker, and what sets the topics up', () => {
    expect(ours.map(([name]) => name).toSorted()).toEqual(
      ['analytics', 'credits', 'feed', 'links', 'projector', 'publishing', 'replays', 'setup', 'spotify'].toSorted(),
    );
  });

  it.each(ours)('runs %s with the options of Node that npm run gives it', (_, { environment }) => {
    expect(environment).toMatchObject(given);
  });

  it('names options that Node takes from its environment', () => {
    const { status, stderr } = spawnSync(process.execPath, ['-e', ''], { env: given, encoding: 'utf8' });
    expect([status, stderr]).toEqual([0, '']);
  });

  it('publishes every port on this machine alone', () => {
    const ports = [...file.matchAll(/^ +- "([^"]+:\d+)"$/gm)].map(([, port]) => port);
    expect(ports.length).toBeGreaterThan(0);
    expect(ports.filter((port) => !port?.startsWith('127.0.0.1:'))).toEqual([]);
  });
});
