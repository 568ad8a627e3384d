import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { uniqueName } from '#test/support/names.ts';
import { type Pipeline, startPipeline } from '#test/support/pipeline.ts';
import { plainCodec, plainTrack, producePlainly, publishPlainly } from '#test/support/plain-producer.ts';
import { someTrackIds } from '#test/support/random.ts';
import { solidTracks } from '#test/support/solid-tracks.ts';
import { type Verifier, verifierOf } from '#test/support/verify.ts';
import { within } from '#test/support/within.ts';

// The two rows of the table of troubles in which a stage protects the pipeline from itself, on real Kafka and Postgres.

let pipeline: Pipeline;
let verifier: Verifier;

const LIMITS = { HALT_AFTER: '5', HALT_OF: '20', BYPASS_AFTER: '5', BYPASS_OF: '20', BYPASS_PROBE_MS: '200' };

/** Tracks that Spotify knows, each used once. */
const unused = solidTracks(65).map(({ id }) => id);
const take = (count: number): readonly string[] => unused.splice(0, count);

beforeAll(async () => {
  pipeline = await startPipeline({ env: LIMITS });
  verifier = await verifierOf(pipeline);
  await pipeline.run('projector');
});

afterAll(async () => {
  await verifier?.close();
  await pipeline?.close();
});

type Status = {
  readonly stages: readonly { readonly stage: string; readonly state: string; readonly reason: string }[];
  readonly drift: readonly { readonly provider: string; readonly kind: string; readonly field: string }[];
};
const statusOf = async (): Promise<Status> => JSON.parse((await pipeline.command('status', '--json')).out);

const publish = async (ids: readonly string[]): Promise<string> => {
  const runId = uniqueName('run');
  await publishPlainly(
    pipeline.services,
    runId,
    ids.map((track) => ({ track })),
  );
  return runId;
};

const passed = (runId: string, count: number, topic = 'tracks.spotify-enriched'): Promise<void> =>
  within(
    async () => (await verifier.written(topic, runId)) === count,
    60_000,
    () => `${count} of ${runId} on ${topic}:\n${pipeline.lastWords()}`,
  );

describe('letters without a forward, or bugs, past the limit', () => {
  it('halt the stage: its worker ends with 3, and again when it is started; a resume lets it go on where it stood', async () => {
    const worker = await pipeline.run('spotify');
    const codec = plainCodec(pipeline.services.schemaRegistryUrl);
    const nameless = await codec.encode('tracks.raw', plainTrack({ track: 'no track' }, 'run-junk', 1));
    await producePlainly(
      pipeline.services,
      'tracks.raw',
      Array.from({ length: 12 }, () => ({ key: 'junk', value: nameless })),
    );
    expect(await worker.ended).toBe(3);
    const again = pipeline.start(['run', 'spotify']);
    expect(await again.ended).toBe(3);
    expect(again.err()).toContain('linernotes resume spotify');
    expect((await statusOf()).stages).toMatchObject([{ stage: 'spotify', state: 'halted' }]);

    expect(await pipeline.command('resume', 'mastering')).toMatchObject({ exit: 2 });
    const resumed = await pipeline.command(
      'resume',
      'spotify',
      '--by',
      'someone',
      '--reason',
      'the producer is mended',
    );
    expect(resumed).toMatchObject({ exit: 0 });
    expect(await pipeline.command('resume', 'spotify')).toMatchObject({ exit: 3 });
    await pipeline.run('spotify', { HALT_AFTER: '100' });
    await passed(await publish(take(3)), 3);
    const { rows } = await pipeline.pool.query(
      "select count(*)::int as letters from dead_letters where code = 'NO_TRACK_ID'",
    );
    expect(rows).toEqual([{ letters: 12 }]);
    const told = await pipeline.command('operations', '--kind', 'resume', '--json');
    expect(JSON.parse(told.out).items).toMatchObject([
      { kind: 'resume', by: 'someone', target: 'spotify', reason: 'the producer is mended' },
    ]);
  });
});

describe('many degrades of one cause', () => {
  it('bypass the stage: events go on at once with their letters, and it works as ever once the answers can be read', async () => {
    pipeline.sandbox.setFault({ provider: 'spotify', endpoint: 'tracks', mode: 'drift', field: 'id' });
    await passed(await publish(take(10)), 10);
    await within(
      async () => (await statusOf()).stages.some(({ state }) => state === 'bypassed'),
      30_000,
      () => `a bypass:\n${pipeline.lastWords()}`,
    );
    const bypassed = await publish(take(30));
    await passed(bypassed, 30);
    const letters = async () => {
      const { rows } = await pipeline.pool.query(
        "select code, fingerprint, count(*)::int as letters from dead_letters where code <> 'NO_TRACK_ID' group by 1, 2",
      );
      return rows;
    };
    let seen: readonly { readonly letters: number }[] = [];
    await within(
      async () => {
        seen = await letters();
        return seen.reduce((sum, group) => sum + group.letters, 0) === 40;
      },
      30_000,
      () => `a letter for each of 40: ${JSON.stringify(seen)}`,
    );
    expect(seen).toMatchObject([{ code: 'UNPARSEABLE', letters: 40 }]);

    pipeline.sandbox.clearFaults();
    const isOver = async (): Promise<boolean> => {
      await passed(await publish(someTrackIds(1, Math.random)), 1);
      return (await statusOf()).stages.length === 0;
    };
    await within(isOver, 60_000, () => `the bypass to end:\n${pipeline.lastWords()}`);
    expect(await verifier.written('tracks.spotify-enriched', bypassed)).toBe(30);
  });
});

describe('a web player with a layout that nobody knows', () => {
  const AFTER = 'tracks.publishing-checked';
  const statusesOf = async (ids: readonly string[]): Promise<readonly unknown[]> => {
    const { rows } = await pipeline.pool.query(
      'select distinct credits_status as status from tracks where track_id = any($1)',
      [ids],
    );
    return rows.map(({ status }) => status);
  };
  const isBypassed = async (): Promise<boolean> =>
    (await statusOf()).stages.some(({ stage, state }) => stage === 'credits' && state === 'bypassed');

  it('bypasses the credits: later phases go on, letters are kept, and probes notice that it can be read again', async () => {
    pipeline.sandbox.setMix({ unknown: 1 });
    const ids = take(20);
    const unread = await publish(ids);
    await pipeline.run('publishing');
    await pipeline.run('credits', { BYPASS_AFTER: '3', CREDITS_TABS: '4' });
    await within(isBypassed, 60_000, () => `a bypass of the credits:\n${pipeline.lastWords()}`);
    await passed(unread, ids.length, AFTER);
    const letters = async (): Promise<readonly unknown[]> => {
      const { rows } = await pipeline.pool.query(
        `select phase, code, forwarded, count(*)::int as letters, count(distinct fingerprint)::int as causes
           from dead_letters where consumer_group = 'tracks.credits' and track_id = any($1) group by 1, 2, 3`,
        [ids],
      );
      return rows;
    };
    const due = [{ phase: 'credits', code: 'UNPARSEABLE', forwarded: true, letters: ids.length, causes: 1 }];
    await expect.poll(letters, { timeout: 30_000 }).toEqual(due);
    await expect.poll(() => statusesOf(ids), { timeout: 30_000 }).toEqual(['failed']);
    const isTold = async () =>
      (await statusOf()).drift.map(({ provider, kind, field }) => `${provider} ${kind} ${field}`);
    await expect.poll(isTold, { timeout: 30_000 }).toContain('web-player page credits');

    pipeline.sandbox.setMix({});
    const isOver = async (): Promise<boolean> => {
      await passed(await publish(someTrackIds(1, Math.random)), 1, AFTER);
      return !(await isBypassed());
    };
    await within(isOver, 90_000, () => `the bypass of the credits to end:\n${pipeline.lastWords()}`);
    const read = take(2);
    await passed(await publish(read), read.length, AFTER);
    await expect.poll(() => statusesOf(read), { timeout: 30_000 }).toEqual(['enriched']);
    expect(await verifier.written(AFTER, unread)).toBe(ids.length);
  });
});
