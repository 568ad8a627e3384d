import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Command } from '#cli/command.ts';
import { command as deadLetters } from '#cli/dead-letters.ts';
import { command as track } from '#cli/track.ts';
import { runCommand } from '#test/support/io.ts';
import { type Pipeline, startPipeline } from '#test/support/pipeline.ts';
import { plainCodec, plainTrack, producePlainly, publishPlainly } from '#test/support/plain-producer.ts';
import type { Child } from '#test/support/processes.ts';
import { solidTracks } from '#test/support/solid-tracks.ts';
import { type Verifier, verifierOf } from '#test/support/verify.ts';
import { within } from '#test/support/within.ts';

// What an operator sees of a pipeline in which only the first phase and the projector run.

let pipeline: Pipeline;
let verifier: Verifier;
let projector: Child;
const [first = { id: '' }, second = { id: '' }, third = { id: '' }, fourth = { id: '' }] = solidTracks(4);

const ask = (command: Command, ...args: readonly string[]) =>
  runCommand(command, args, pipeline.env as Readonly<Record<string, string>>);

const answerOf = async (command: Command, ...args: readonly string[]) =>
  JSON.parse((await ask(command, ...args, '--json')).out.join('\n'));

const rows = async (query: string): Promise<number> => (await pipeline.pool.query(query)).rowCount ?? 0;

beforeAll(async () => {
  pipeline = await startPipeline();
  verifier = await verifierOf(pipeline);
  projector = await pipeline.run('projector');
  await pipeline.run('spotify');
  await publishPlainly(pipeline.services, 'run-1', [{ track: first.id }]);
  const value = await plainCodec(pipeline.services.schemaRegistryUrl).encode(
    'tracks.raw',
    plainTrack({ track: 'no track' }, 'run-2', 1),
  );
  await producePlainly(pipeline.services, 'tracks.raw', [
    { key: 'junk', value: Buffer.from('no avro') },
    { key: 'nameless', value },
  ]);
  // Another partitioner than ours: the record stands where no key would put it, perhaps.
  const elsewhere = await plainCodec(pipeline.services.schemaRegistryUrl).encode(
    'tracks.raw',
    plainTrack({ track: second.id }, 'run-3', 1),
  );
  await producePlainly(pipeline.services, 'tracks.raw', [{ key: null, value: elsewhere }]);
  const arrived = `select from run_tracks where track_id in ('${first.id}', '${second.id}') and reached >= 1`;
  await within(
    async () => (await rows('select from dead_letters')) === 2 && (await rows(arrived)) === 2,
    60_000,
    () => 'two dead letters and two tracks at the second phase',
  );
});
afterAll(async () => {
  await verifier?.close();
  await pipeline?.close();
});

describe('linernotes track', () => {
  it('ends with why the track is where it is', async () => {
    const { exit, out } = await ask(track, `https://open.spotify.com/track/${first.id}`);
    expect(exit).toBe(0);
    expect(out.at(-1)).toMatch(/^Waits at credits: tracks\.credits has never read tracks\.spotify-enriched\/\d@\d+;/);
    expect(out.filter((line) => /tracks\.(raw|spotify-enriched)\/\d@\d+/.test(line))).toHaveLength(3);
  });

  it('finds the record that a producer put on another partition', async () => {
    const { entries, diagnosis, read } = await answerOf(track, second.id);
    expect(entries.map(({ topic }: { topic: string }) => topic)).toEqual(['tracks.raw', 'tracks.spotify-enriched']);
    expect(diagnosis.verdict).toBe('waiting');
    expect(read).toMatchObject({ partitions: 16, whole: true });
  });

  it('says that nobody has sent a track, and what is no track', async () => {
    expect(await ask(track, '0'.repeat(22))).toMatchObject({ exit: 3, out: [] });
    expect(await ask(track, 'a song')).toMatchObject({ exit: 2 });
    expect(await ask(track, first.id, '--most', 'all')).toMatchObject({ exit: 2 });
  });
});

describe('linernotes dead-letters', () => {
  it('lists them and counts them by cause', async () => {
    const { items } = await answerOf(deadLetters, 'list', '--phase', 'spotify');
    expect(items.map(({ code }: { code: string }) => code).sort()).toEqual(['NO_TRACK_ID', 'UNDECODABLE']);
    expect((await ask(deadLetters, 'list', '--state', 'superseded')).out).toEqual(['No dead letter fits.']);
    expect((await ask(deadLetters, 'groups')).out.at(-1)).toBe('2 dead letters of 2 causes.');
  });

  it('shows a letter with its value, decoded with the version of its schema where that can be', async () => {
    const { items } = await answerOf(deadLetters, 'list');
    const letterOf = (wanted: string) => items.find(({ code }: { code: string }) => code === wanted)?.letterId;
    expect(await answerOf(deadLetters, 'show', letterOf('NO_TRACK_ID'))).toMatchObject({
      state: 'open',
      content: {
        key: 'nameless',
        headers: { 'dl-error': 'NO_TRACK_ID' },
        value: {
          kind: 'decoded',
          schema: { subject: 'tracks.raw-value', version: 1 },
          value: { track: 'no track', runId: 'run-2' },
        },
      },
    });
    const { out } = await ask(deadLetters, 'show', letterOf('UNDECODABLE'));
    expect(out.at(-1)?.trim()).toBe(Buffer.from('no avro').toString('hex'));
  });

  it('refuses what it does not understand, and knows when there is no such letter', async () => {
    expect(await ask(deadLetters, 'show', 'nothing')).toMatchObject({ exit: 3 });
    for (const args of [
      [],
      ['show'],
      ['open'],
      ['list', 'x'],
      ['list', '--phase', 'mastering'],
      ['groups', '--cursor', 'x'],
    ])
      expect(await ask(deadLetters, ...args), args.join(' ')).toMatchObject({ exit: 2, out: [] });
  });
});

describe('tracks.latest', () => {
  it('holds the row of each track, also after a kill -9 between publishing and noting that it is done', async () => {
    const told = () => verifier.latest();
    const holds = (id: string) =>
      within(
        () =>
          told().then(
            (latest) => latest.has(id),
            () => false,
          ),
        60_000,
        () => `${id} on tracks.latest\n${pipeline.lastWords()}`,
      );
    await holds(first.id);
    // Whoever settles now waits for a minute, with the value on the topic.
    await pipeline.pool.query(`
      create function hang() returns trigger language plpgsql as $$ begin perform pg_sleep(60); return old; end $$;
      create trigger hang before delete on linernotes.latest_outbox for each row execute function hang()`);
    await publishPlainly(pipeline.services, 'run-4', [{ track: third.id }]);
    await holds(third.id);
    expect(await rows('select from linernotes.latest_outbox')).toBeGreaterThan(0);
    await projector.kill();
    await pipeline.pool.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'linernotes projector'`,
    );
    await pipeline.pool.query('drop function hang cascade');
    projector = await pipeline.run('projector');
    const arrived = `select from run_tracks where track_id = '${third.id}' and reached >= 1`;
    await within(
      async () => (await rows(arrived)) === 1 && (await rows('select from linernotes.latest_outbox')) === 0,
      60_000,
      () => `everything to be published\n${pipeline.lastWords()}`,
    );
    const { wrong } = await verifier.verdict();
    expect(wrong.filter((line) => !line.startsWith('tracks.credits has not read'))).toEqual([]);
  });
});

describe('linernotes rebuild', () => {
  const models = async () =>
    (await pipeline.pool.query('select state from linernotes.read_models order by 1')).rows.map(({ state }) => state);

  it('killed with -9 leaves the live model as it is; another makes its own live, and the running projector goes on with it', async () => {
    const dying = pipeline.start(['rebuild']);
    await dying.says('is filled beside');
    await dying.kill();
    expect(await models()).toContain('live');
    const { exit, out, err } = await pipeline.command('rebuild', '--json');
    expect([exit, err]).toEqual([0, expect.any(String)]);
    expect(JSON.parse(out)).toMatchObject({ right: true, swapped: true, wrongRuns: [] });
    expect(await models()).toEqual(['live']);
    await publishPlainly(pipeline.services, 'run-5', [{ track: fourth.id }]);
    await within(
      async () => (await rows(`select from run_tracks where track_id = '${fourth.id}' and reached >= 1`)) === 1,
      60_000,
      () => `the projector to go on\n${pipeline.lastWords()}`,
    );
    expect(projector.alive()).toBe(true);
    expect(await pipeline.command('rebuild', '--verify-only')).toMatchObject({
      exit: 0,
      out: expect.stringContaining('is what the log says.'),
    });
  });
});
