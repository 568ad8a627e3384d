import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Pipeline, startPipeline } from '#test/support/pipeline.ts';
import { redriveTrial } from '#test/support/redrive-trial.ts';
import { supervised } from '#test/support/supervised.ts';

// The same as `npm run bench -- redrive`, smaller.

let pipeline: Pipeline;
let over: () => void;

beforeAll(async () => {
  pipeline = await startPipeline();
  over = await supervised(pipeline, ['projector', 'spotify']);
});
afterAll(async () => {
  over?.();
  await pipeline?.close();
});

test('a redrive with a map, killed twice on its way, sends each letter of its cause once; a second one does nothing', async () => {
  const trial = await redriveTrial(pipeline, { letters: 300, rate: 50 });
  expect(trial).toMatchObject({
    groups: ['NO_TRACK_ID', 'TIMEOUT', 'UNDECODABLE'].map(() => ({ letters: 100 })),
    ended: { kind: 'ended', redriven: 100 },
    repeated: 0,
    missing: 0,
    strangers: 0,
    enriched: 100,
    second: [],
  });
  expect(trial.groups.map(({ code }) => code).sort()).toEqual(['NO_TRACK_ID', 'TIMEOUT', 'UNDECODABLE']);
  expect(trial.mostInASecond).toBeLessThanOrEqual(70);

  const audit = JSON.parse((await pipeline.command('operations', '--kind', 'redrive_ended', '--json')).out);
  expect(audit.items).toMatchObject([{ target: 'tracks.spotify.dlq', details: { redriven: '100' } }]);
  const listed = JSON.parse((await pipeline.command('dead-letters', 'list', '--state', 'superseded', '--json')).out);
  expect(listed.items).toEqual([]);
});

test('a dry run tells how many, a few of them and what would be asked; resolving needs a reason and closes them', async () => {
  const plan = await pipeline.command('dead-letters', 'redrive', '--code', 'TIMEOUT', '--dry-run', '--json');
  expect(JSON.parse(plan.out)).toMatchObject({ letters: 100, topics: { 'tracks.spotify.dlq': 100 } });
  expect(JSON.parse(plan.out).calls).toContainEqual(
    expect.objectContaining({ provider: 'spotify', kind: 'track', keys: 100, calls: 2 }),
  );
  expect(JSON.parse(plan.out).sample).toHaveLength(3);
  expect(await pipeline.command('dead-letters', 'redrive')).toMatchObject({ exit: 2 });
  expect(await pipeline.command('dead-letters', 'resolve', '--code', 'UNDECODABLE')).toMatchObject({ exit: 2 });
  const resolved = await pipeline.command(
    'dead-letters',
    'resolve',
    '--code',
    'UNDECODABLE',
    '--reason',
    'junk',
    '--by',
    'ada',
  );
  expect(resolved).toMatchObject({ exit: 0, out: '100 dead letters resolved.\n' });
  const sample = await pipeline.command('dead-letters', 'sample', '--code', 'TIMEOUT', '--limit', '2', '--json');
  expect(JSON.parse(sample.out)).toHaveLength(2);
  const open = JSON.parse((await pipeline.command('dead-letters', 'redrive', '--all', '--dry-run', '--json')).out);
  expect(open).toMatchObject({ letters: 100 });
});
