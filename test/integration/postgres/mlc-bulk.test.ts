import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fetchHttp } from '#adapters/http/fetch.ts';
import { postgresMlcBulk } from '#adapters/postgres/mlc-bulk.ts';
import { publishingStage } from '#phases/publishing/stage.ts';
import { PACE } from '#phases/shared/phase-stage.ts';
import { bulkMlcClient } from '#providers/mlc/bulk/client.ts';
import { loadBulkFeed } from '#providers/mlc/bulk/load.ts';
import type { BulkLoading, BulkStore } from '#providers/mlc/bulk/store.ts';
import { type MlcClient, mlcClient } from '#providers/mlc/client.ts';
import { createCatalogue } from '#sandbox/catalogue/catalogue.ts';
import { sandboxCredentials } from '#sandbox/credentials.ts';
import { type Sandbox, startSandbox } from '#sandbox/start.ts';
import { writeBwarm } from '#test/support/bwarm.ts';
import { type CatalogueTrack, catalogueTracks } from '#test/support/catalogue.ts';
import { aContext, aMessage } from '#test/support/messages.ts';
import { type PreparedPools, preparedPools } from '#test/support/pools.ts';
import { providerPorts } from '#test/support/providers.ts';
import { aPart, aTrackEvent } from '#test/support/tracks.ts';
import { NO_SECTIONS } from '#track/sections/sections.ts';

const catalogue = createCatalogue();
const tracks = catalogueTracks(catalogue, 400);
const never = new AbortController().signal;

let pools: PreparedPools;
let folder: string;
let sandbox: Sandbox;
let store: BulkStore;
beforeAll(async () => {
  pools = await preparedPools();
  store = postgresMlcBulk(pools.open());
  folder = await mkdtemp(join(tmpdir(), 'bwarm-'));
  sandbox = await startSandbox({ pace: 'zero' });
  await writeBwarm(
    folder,
    catalogue,
    tracks.map(({ recording }) => recording),
  );
});
afterAll(async () => {
  await sandbox.stop();
  await pools.close();
  await rm(folder, { recursive: true });
});

function eventOf({ id, recording }: CatalogueTrack) {
  const contributors = recording.work.writers.map(({ writer }) => ({
    name: writer.name.full,
    artistUri: null,
    roles: [{ given: 'Writer', group: null, role: 'writer' as const }],
  }));
  const people = aPart({ contributors, reading: 'json' as const }, { askedBy: `track:${id}` });
  const sections = { ...NO_SECTIONS, credits: { ...NO_SECTIONS.credits, people } };
  return aTrackEvent({ trackId: id, sections }, { track: id, isrc: recording.isrc, name: recording.title });
}

async function through(client: MlcClient, some: readonly CatalogueTrack[]) {
  const outcomes = await publishingStage(client, PACE).handle(
    some.map((track) => aMessage(eventOf(track))),
    aContext({ now: Date.now() }),
  );
  return outcomes.map((outcome) => {
    if (outcome.kind !== 'forward') throw new Error(`not forwarded: ${JSON.stringify(outcome)}`);
    return outcome.event;
  });
}

test('until a feed is in, the stage waits: nothing is claimed', async () => {
  const [one] = tracks;
  if (one === undefined) throw new Error('no track');
  const outcomes = await publishingStage(bulkMlcClient(store), PACE).handle([aMessage(eventOf(one))], aContext());
  expect(outcomes).toMatchObject([{ kind: 'retry', failure: { code: 'PROVIDER_DOWN' } }]);
});

test('a folder that lacks a file is told so, by name', async () => {
  const empty = await mkdtemp(join(tmpdir(), 'bwarm-'));
  await writeFile(join(empty, 'MusicalWorks.tsv'), '');
  expect(await loadBulkFeed(empty, store, never)).toEqual({
    kind: 'incomplete',
    missing: ['parties.tsv', 'musicalworkrightshares.tsv', 'resources.tsv', 'workresourcelinks.tsv'],
  });
  await rm(empty, { recursive: true });
});

test('a load that is killed goes on where it was, and until it is whole nobody sees it', async () => {
  let steps = 0;
  const dying: BulkStore = {
    ...store,
    load: (snapshot, fill) =>
      store.load(snapshot, (loading) => {
        const add: BulkLoading['add'] = async (...what) => {
          steps += 1;
          if (steps === 4) throw new Error('killed');
          await loading.add(...what);
        };
        return fill({ ...loading, add });
      }),
  };
  await expect(loadBulkFeed(folder, dying, never)).rejects.toThrow('killed');
  expect(await store.live()).toBeNull();
  expect(await loadBulkFeed(folder, store, never)).toMatchObject({ kind: 'loaded' });
  const pool = pools.open();
  const { rows } = await pool.query<{ schema: string }>(
    "select nspname as schema from pg_namespace where nspname like 'mlc\\_bulk\\_%'",
  );
  const counted = await pool.query(`select count(*)::int as all, count(distinct id)::int as different
    from "${rows[0]?.schema}".parties`);
  expect(counted.rows[0].all).toBe(counted.rows[0].different);
  expect(await loadBulkFeed(folder, store, never)).toMatchObject({ kind: 'live' });
});

test('the publisher statuses are those of the API, without a call', async () => {
  // Where two works match one ISRC the API lists a duplicate registration, which the feed here has not.
  const some = tracks.filter(({ recording: { secondWork, isrc, has, work } }) =>
    [secondWork === null, isrc !== null, !has('withoutMlcMatch'), work.registered].every(Boolean),
  );
  const api = mlcClient(
    {
      apiUrl: sandbox.urls.MLC_API_URL,
      username: sandboxCredentials.MLC_USERNAME,
      password: sandboxCredentials.MLC_PASSWORD,
      lingerMs: { live: 20, replay: 20 },
    },
    providerPorts(fetchHttp, { now: Date.now }),
  );
  const asked = await through(api, some);
  sandbox.resetCalls();
  const read = await through(bulkMlcClient(postgresMlcBulk(pools.open())), some);
  const told = (events: typeof asked) =>
    events.map(({ trackId, reports, sections: { publishing } }) => ({
      trackId,
      report: reports.publishing?.status,
      status: publishing.status?.value.status,
      partial: publishing.status?.value.partial,
      adminOnly: publishing.status?.value.adminOnly,
      iswc: publishing.work?.value.iswc ?? null,
      song: publishing.work?.value.songCode,
    }));
  expect(told(read)).toEqual(told(asked));
  expect(new Set(told(read).map(({ status }) => status))).toEqual(
    new Set(['unsigned', 'self_published', 'signed', 'split', 'disputed']),
  );
  expect(sandbox.calls().providers.mlc).toBeUndefined();
  expect(read.flatMap(({ sections }) => sections.publishing.work?.provider ?? [])).toContain('mlc-bulk');
});

test('title and writers find the work whose recording is not matched; what is not in the feed is unregistered', async () => {
  const some = tracks.filter(({ recording: { isrc, has, work } }) =>
    [isrc !== null, has('withoutMlcMatch') || !work.registered].every(Boolean),
  );
  const read = await through(bulkMlcClient(store), some);
  const codes = read.map(({ sections: { publishing } }) => publishing.work?.value.songCode ?? null);
  expect(codes).toEqual(some.map(({ recording: { work } }) => (work.registered ? work.songCode : null)));
  const without = read.filter((_, at) => codes[at] === null);
  expect(new Set(without.map(({ sections }) => sections.publishing.status?.value.status))).toEqual(
    new Set(['unregistered']),
  );
});

test('another feed takes the place of the one before in one step', async () => {
  const before = await store.live();
  await writeFile(join(folder, 'alternativemusicalworktitles.tsv'), '#x\n');
  expect(await loadBulkFeed(folder, store, never)).toMatchObject({ kind: 'loaded' });
  expect((await store.live())?.snapshot).not.toBe(before?.snapshot);
});

test('one process loads at a time', async () => {
  await writeFile(join(folder, 'alternativemusicalworktitles.tsv'), '#y\n\n');
  const other = postgresMlcBulk(pools.open());
  const here: string[] = [];
  await store.load('aa', async () => {
    here.push((await loadBulkFeed(folder, other, never)).kind);
  });
  expect(here).toEqual(['elsewhere']);
});
