import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { uniqueName } from '#test/support/names.ts';
import { type Ingested, ingestedOf, type Pipeline, startPipeline, withoutServices } from '#test/support/pipeline.ts';
import { type PlainValue, plainCodec, plainTrack, producePlainly } from '#test/support/plain-producer.ts';
import { linernotes, runChild } from '#test/support/processes.ts';
import { seeded, someTrackIds } from '#test/support/random.ts';
import type { LoggedRecord } from '#test/support/topic-log.ts';
import { type Verifier, verifierOf } from '#test/support/verify.ts';
import { PHASES } from '#track/phase.ts';
import { PIPELINE_TOPICS, TOPOLOGY } from '#track/topology.ts';

// As a newcomer does it: `npm start -- --once` with an empty state folder, then again. After that the same state is
// started for the tests, and what lies in it is looked at. The tests run in order.

const root = resolve('.linernotes');
const stateDir = join(root, uniqueName('test-start'));
const fixtures = resolve('test/fixtures/playlists');

/** The environment of a person who names no services; the page takes whatever port is free. */
const env = { ...withoutServices(process.env), LINERNOTES_STATE: stateDir, PORT: '0' };

/** `npm start -- …`: what npm runs. */
const npmStart = (...args: readonly string[]) => runChild([resolve('src/local/bootstrap.mjs'), 'start', ...args], env);

const ALL_COMPLETE = '100 tracks accepted: 100 complete (0 of them degraded), 0 dead-lettered.';

beforeAll(() => {
  mkdirSync(stateDir, { recursive: true });
  // What is fetched once for all tests is not fetched again.
  symlinkSync(join(root, 'downloads'), join(stateDir, 'downloads'));
});

afterAll(() => rmSync(stateDir, { recursive: true, force: true }));

describe('npm start -- --once', () => {
  it('ends with 2 before anything is started when no file that is named can be read', async () => {
    const empty = join(stateDir, 'empty.txt');
    writeFileSync(empty, '');
    const { exit, out } = await npmStart('--once', empty, fixtures, 'none.json');
    expect([exit, out]).toEqual([
      2,
      [
        `${empty}: The file is empty.`,
        `${fixtures}: This is a folder; name the files in it.`,
        `${resolve('none.json')}: There is no such file.`,
        '',
      ].join('\n'),
    ]);
  });

  it('ends with 2 before anything is started when somebody else has its port', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    const { exit, out, err } = await runChild(linernotes('start', '--once'), { ...env, PORT: String(port) });
    other.close();
    expect([exit, out]).toEqual([2, '']);
    expect(err).toContain(`PORT is ${port}, and somebody listens there already`);
  });

  it('takes the sample playlist all the way, says so, and ends with 0', async () => {
    const { exit, out, err } = await npmStart('--once');
    expect([exit, err]).toEqual([0, expect.any(String)]);
    expect(out).toContain('SANDBOX DATA');
    expect(out).toContain('100 tracks accepted, 6 repeats, 4 rows skipped, 0 rejected');
    expect(out).toContain(ALL_COMPLETE);
  });

  it('again with the same data, says that the snapshot was ingested before', async () => {
    const { exit, out } = await npmStart('--once');
    expect(exit).toBe(0);
    expect(out).toContain('this snapshot was ingested before, nothing new was published');
    expect(out).toContain(ALL_COMPLETE);
  });
});

describe('what lies in the state folder then', () => {
  let pipeline: Pipeline;
  let verifier: Verifier;

  beforeAll(async () => {
    pipeline = await startPipeline({ stateDir, env: { CREDITS_SCRAPE: 'off' } });
    verifier = await verifierOf(pipeline);
  });

  afterAll(async () => {
    await verifier?.close();
    await pipeline?.close();
  });

  it('is one run of a hundred tracks, each once on every topic, and rows that are the fold of them', async () => {
    const { wrong, stages, judged } = await verifier.verdict();
    expect(wrong).toEqual([]);
    const all = { read: 100, forwarded: 100, degraded: 0, deadLettered: 0 };
    expect(stages).toEqual(Object.fromEntries(PHASES.map((phase) => [`tracks.${phase}`, all])));
    expect(judged.records('tracks.complete')).toHaveLength(100);
    const { rows } = await pipeline.pool.query('select accepted, complete, finished from runs');
    expect(rows).toEqual([{ accepted: 100, complete: 100, finished: true }]);
  });

  it('can be read with an Avro library that the project does not use, the replay lanes too', async () => {
    const codec = plainCodec(pipeline.services.schemaRegistryUrl);
    // What enters by the first replay lane passes all five, and shows that they carry what their live input carries.
    const [replayed = ''] = someTrackIds(1, seeded(21));
    const value = await codec.encode(TOPOLOGY.spotify.replay, plainTrack({ track: replayed }, 'run-replay', 1));
    await producePlainly(pipeline.services, TOPOLOGY.spotify.replay, [{ key: replayed, value }]);
    const worker = await pipeline.run('all');
    await pipeline.finished(['run-replay']);
    expect(await worker.stop()).toBe(0);
    const { wrong, judged } = await verifier.verdict();
    expect(wrong).toEqual([]);

    const read = async (record: LoggedRecord): Promise<PlainValue> => ({
      ...(await codec.decode(record.value)),
      key: String(record.key),
    });
    const topics = [...PIPELINE_TOPICS, ...Object.values(TOPOLOGY).map(({ replay }) => replay)];
    for (const topic of topics) {
      const values = await Promise.all(judged.records(topic).map(read));
      const isRaw = topic === 'tracks.raw' || topic === TOPOLOGY.spotify.replay;
      expect(
        values.map((one) => one[isRaw ? 'track' : 'trackId']),
        topic,
      ).toEqual(values.map(({ key }) => key));
      expect(values.length, topic).toBe(topic.endsWith('.replay') ? 1 : topic === 'tracks.complete' ? 101 : 100);
    }
    const [complete] = await Promise.all(judged.records('tracks.complete').map(read));
    expect(complete).toMatchObject({
      raw: { fetchMethod: 'spotify_api', runTotal: { long: 100 } },
      reports: {
        analytics: { 'linernotes.PhaseReport': { status: expect.stringMatching(/enriched|not_found/) } },
      },
      summary: {
        'linernotes.Summary': {
          name: { 'linernotes.ResolvedText': { value: expect.any(String), source: expect.any(String) } },
        },
      },
    });
  });

  it('ends with 2 when the file names no track, and with 2 when there is no file', async () => {
    const words = join(pipeline.folder, 'words.txt');
    writeFileSync(words, 'There is no track in these words.\n');
    const given = { ...env, ...pipeline.env, LINERNOTES_STATE: join(stateDir, 'elsewhere') };
    const { exit, out } = await runChild(
      linernotes('start', '--once', words, join(pipeline.folder, 'none.txt')),
      given,
    );
    expect(exit).toBe(2);
    expect(out).toContain(`${words}: `);
    expect(out).toContain('There is no such file.');
  });

  const counts = ({ format, runs, refused }: Ingested) => ({
    format,
    refused: refused !== null,
    rows: runs.map(({ accepted, repeats, skipped, rejected }) => [accepted, repeats, skipped.length, rejected.length]),
  });

  const ingested = async (files: readonly string[]) => {
    const { exit, out } = await pipeline.command('ingest', '--json', ...files.map((file) => join(fixtures, file)));
    return { exit, files: ingestedOf(out).map(counts) };
  };

  /** By file and playlist: tracks accepted, repeats, rows skipped, rows rejected. */
  const GOOD: Readonly<Record<string, readonly [format: string, ...rows: (readonly number[])[]]>> = {
    'account-data.json': ['Spotify account data', [1, 0, 3, 0], [2, 0, 0, 0]],
    'custom.csv': ['CSV', [2, 0, 1, 0]],
    'exportify-old.csv': ['Exportify', [1, 0, 0, 0]],
    'exportify-pavelkomarov-2024.csv': ['Exportify', [2, 0, 0, 0]],
    'exportify-pavelkomarov-2025.csv': ['Exportify', [1, 0, 0, 0]],
    'exportify-watsonbox.csv': ['Exportify', [2, 1, 2, 0]],
    'linernotes.json': ['linernotes', [2, 1, 1, 2]],
    'links.md': ['text', [2, 1, 0, 0]],
    'spotdl.json': ['spotDL', [2, 0, 0, 1]],
    'tunemymusic.csv': ['TuneMyMusic', [1, 0, 1, 1], [1, 0, 0, 0], [0, 0, 2, 0]],
    'uri-list.txt': ['text', [3, 1, 2, 1]],
    'web-api-2026.json': ['Spotify Web API', [2, 1, 3, 0]],
    'web-api-items.json': ['Spotify Web API', [2, 2, 3, 0]],
    'web-api-old.json': ['Spotify Web API', [2, 1, 3, 0]],
    'web-api-page.json': ['Spotify Web API', [2, 1, 3, 0]],
  };

  it('takes every format in, with its counts, and ends with 0', async () => {
    const { exit, files } = await ingested(Object.keys(GOOD));
    expect(exit).toBe(0);
    expect(files).toEqual(Object.values(GOOD).map(([format, ...rows]) => ({ format, refused: false, rows })));
  });

  it('refuses files of which nothing can be keyed, names the rows, and ends with 2', async () => {
    const { exit, files } = await ingested(['names-only.csv', 'names-only.txt', 'tunemymusic-no-ids.csv']);
    expect(exit).toBe(2);
    const nothing = (format: string) => ({ format, refused: true, rows: [[0, 0, 0, 2]] });
    expect(files).toEqual([nothing('CSV'), nothing('text'), nothing('TuneMyMusic')]);
  });

  it('takes all of these through as well', async () => {
    const worker = await pipeline.run('all');
    const { rows } = await pipeline.pool.query<{ runId: string }>(`select run_id as "runId" from linernotes.ingests`);
    await pipeline.finished(rows.map(({ runId }) => runId));
    expect(await worker.stop()).toBe(0);
    expect((await verifier.verdict()).wrong).toEqual([]);
  });

  // Last, because it leaves the log as no pipeline may leave it.
  it('would be called wrong if an event stood twice, a row said something else, or a count were off', async () => {
    const { judged } = await verifier.verdict();
    const [twice, other] = judged.records('tracks.complete');
    if (twice?.value == null || other === undefined) throw new Error('nothing is complete');
    await producePlainly(pipeline.services, 'tracks.complete', [
      { key: String(twice.key), value: twice.value, headers: twice.headers },
    ]);
    const worker = await pipeline.run('projector');
    const { rows } = await pipeline.pool.query<{ name: string }>(
      `select name from linernotes.read_models where state = 'live'`,
    );
    const schema = rows[0]?.name;
    await pipeline.pool.query(`update ${schema}.tracks set label = 'Nobody' where track_id = $1`, [String(other.key)]);
    await pipeline.pool.query(`update ${schema}.runs set complete = complete - 1 where run_id = 'run-replay'`);
    const { wrong } = await verifier.verdict();
    expect(await worker.stop()).toBe(0);
    expect(wrong).toEqual([
      expect.stringContaining(`ce_id ${twice.headers['ce_id']} stands at`),
      expect.stringContaining('ended as 2 events and 0 letters'),
      expect.stringContaining('runs run-replay is'),
      expect.stringContaining(`Track ${String(other.key)}: label is "Nobody"`),
    ]);
  });
});
