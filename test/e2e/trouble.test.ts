import { resolve } from 'node:path';
import kafkajs from 'kafkajs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newTopics } from '#adapters/kafka/new-topics.ts';
import { until } from '#local/wait.ts';
import { createCatalogue } from '#sandbox/catalogue/catalogue.ts';
import type { ProviderName } from '#sandbox/http/route.ts';
import type { CatalogueTrack } from '#test/support/catalogue.ts';
import { type LoneService, loneService } from '#test/support/lone-service.ts';
import { uniqueName } from '#test/support/names.ts';
import { type Pipeline, type PlaylistTrack, startPipeline } from '#test/support/pipeline.ts';
import { plainCodec, plainTrack, producePlainly, publishPlainly } from '#test/support/plain-producer.ts';
import { type Child, startChild } from '#test/support/processes.ts';
import { seeded, someTrackIds } from '#test/support/random.ts';
import { solidTracks } from '#test/support/solid-tracks.ts';
import type { Told } from '#test/support/told-worker.ts';
import { topicLog } from '#test/support/topic-log.ts';
import { type Verifier, verifierOf } from '#test/support/verify.ts';
import { within } from '#test/support/within.ts';
import { PHASES, type PhaseName } from '#track/phase.ts';
import type { ReportStatus } from '#track/report.ts';

// One pipeline, and everything that can go wrong around it. The tests run in order and share nothing but the pipeline.

const EACH = 6;
const COMPLETE = PHASES.length;

let postgres: LoneService;
let pipeline: Pipeline;
let verifier: Verifier;
let worker: Child;

const unused = [...solidTracks(EACH * 9)];
/** Tracks that no test before has used, and of which every provider knows everything. */
const take = (count: number): readonly CatalogueTrack[] => unused.splice(0, count);

/** As a scraper that saw nothing but ids. */
const bare = ({ id }: CatalogueTrack): PlaylistTrack => ({ track: id });

const withIsrc = ({ id, recording }: CatalogueTrack): PlaylistTrack => ({ track: id, isrc: recording.isrc ?? '' });

const someTracks = (seed: number): readonly PlaylistTrack[] =>
  someTrackIds(60, seeded(seed)).map((track) => ({ track }));

const startWorker = (env: Readonly<Record<string, string>> = {}) =>
  pipeline.run('all', { PATIENCE_MS: '3000', RETRY_BASE_MS: '100', CREDITS_SCRAPE: 'on', ...env });

const isAt = async (topic: string, runId: string): Promise<boolean> => (await verifier.written(topic, runId)) > 0;

beforeAll(async () => {
  postgres = await loneService('postgres');
  pipeline = await startPipeline({ given: { DATABASE_URL: postgres.address } });
  verifier = await verifierOf(pipeline);
  worker = await startWorker();
});

afterAll(async () => {
  await verifier?.close();
  await pipeline?.close();
  await postgres?.stop();
});

/** Publishes a run and waits until all of it is through: how each phase ended for each of its tracks. */
async function passed(name: string, tracks: readonly PlaylistTrack[]) {
  await publishPlainly(pipeline.services, name, tracks);
  await pipeline.finished([name]);
  const { wrong, judged } = await verifier.verdict();
  expect(wrong).toEqual([]);
  const complete = judged.events.filter((event) => event.runId === name && event.place === COMPLETE);
  expect(complete.map(({ trackId }) => trackId).sort()).toEqual(tracks.map(({ track }) => track).sort());
  return complete.map(({ trackId, event: { reports, sections, summary } }) => ({
    trackId,
    statuses: Object.fromEntries(PHASES.map((phase) => [phase, reports[phase]?.status])),
    reports,
    sections,
    summary,
  }));
}

const ENRICHED = {
  spotify: 'enriched',
  credits: 'enriched',
  publishing: 'enriched',
  links: 'enriched',
  analytics: 'enriched',
};

const PROVIDERS = {
  spotify: 'spotify',
  credits: 'web-player',
  publishing: 'mlc',
  links: 'musicbrainz',
  analytics: 'chartmetric',
} as const satisfies Record<PhaseName, ProviderName>;

/** Ends the fault and waits until the stage has learned of it: the provider is probed with the tracks that come. */
async function recovered(phase: PhaseName): Promise<void> {
  pipeline.sandbox.clearFaults();
  let round = 0;
  const isBack = async (): Promise<boolean> => {
    round += 1;
    const [track] = await passed(`${phase}-back-${round}`, [{ track: String(someTrackIds(1, Math.random)) }]);
    return track?.statuses[phase] !== 'failed';
  };
  await within(isBack, 60_000, () => `${phase} to work again`);
}

describe('with every provider there', () => {
  it('a track of which all is known is filled by every phase', async () => {
    const tracks = await passed('all-there', take(EACH).map(bare));
    for (const { statuses } of tracks) expect(statuses).toEqual(ENRICHED);
  });
});

type Lacking = {
  readonly what: string;
  /** Whether it is lacking in a recording. */
  readonly in: (one: CatalogueTrack['recording']) => boolean;
  readonly says: Partial<Record<PhaseName, ReportStatus>>;
};

const LACKING: readonly Lacking[] = [
  {
    what: 'the track at Spotify',
    in: (one) => one.has('unknownToSpotify'),
    says: { spotify: 'not_found', credits: 'not_found' },
  },
  { what: 'credits', in: (one) => one.has('withoutCredits'), says: { credits: 'not_found' } },
  { what: 'the page in this region', in: (one) => one.has('regionRestricted'), says: { credits: 'restricted' } },
  {
    what: 'a registration',
    // A writer more might have written another song of this title, which would be a doubtful match.
    in: (one) => one.has('unregisteredWork') && one.work.writers.length === 1,
    says: { publishing: 'not_found' },
  },
  { what: 'numbers', in: (one) => one.has('unknownToChartmetric'), says: { analytics: 'not_found' } },
];

describe('what is no failure leaves no letter, and the track goes on', () => {
  const lettersOf = async (runId: string) =>
    (await verifier.verdict()).judged.letters.filter((letter) => letter.runId === runId);

  it('the provider has no such thing, or may not tell it here: the report says which', async () => {
    const { find } = createCatalogue();
    const only = (lacking: Lacking) =>
      find.idsWith(
        (one) =>
          !one.has('withoutIsrc') &&
          !one.has('severalWorks') &&
          LACKING.every((other) => other.in(one) === (other === lacking)),
        1,
      );
    const asked = LACKING.flatMap((lacking) => only(lacking).map((track) => ({ track, ...lacking })));
    expect(asked.length).toBe(LACKING.length);
    const tracks = await passed('no-such-thing', asked);
    for (const { track, what, says } of asked)
      expect(tracks.find(({ trackId }) => trackId === track)?.statuses, what).toMatchObject(says);
    expect(await lettersOf('no-such-thing')).toEqual([]);
  });

  it('this account lacks a capability: tracks are asked one by one, and what is not given is named', async () => {
    pipeline.sandbox.setFault({ provider: 'spotify', mode: 'profile:new-dev' });
    pipeline.sandbox.setFault({ provider: 'chartmetric', mode: 'status:403' });
    const tracks = await passed('not-offered', take(EACH).map(bare));
    pipeline.sandbox.clearFaults();
    for (const { statuses, sections } of tracks) {
      expect(statuses).toEqual({ ...ENRICHED, analytics: 'not_offered' });
      const { core, popularity, features, access } = sections.spotify;
      expect([core?.provider, popularity, features?.provider]).toEqual(['spotify', null, 'reccobeats']);
      expect(access?.value).toMatchObject({ profile: 'new-dev', notOffered: expect.arrayContaining(['features']) });
    }
    expect(await lettersOf('not-offered')).toEqual([]);
  });
});

describe('with one provider down, every track still goes all the way', () => {
  it('Spotify: what needs an ISRC has not been asked yet, the others are filled', async () => {
    pipeline.sandbox.setFault({ provider: 'spotify', mode: 'down' });
    const tracks = await passed('spotify-down', take(EACH).map(bare));
    for (const { statuses, reports, sections, summary } of tracks) {
      expect(statuses).toMatchObject({
        spotify: 'failed',
        credits: 'enriched',
        publishing: 'not_yet',
        analytics: 'enriched',
      });
      // The credits name writers, who can be looked up without the recording; whoever is not found that way is not "not found".
      expect(['enriched', 'not_yet']).toContain(statuses['links']);
      expect(reports.publishing?.code).toBe('NEEDS_ISRC');
      expect(reports.spotify?.code).toBe('PROVIDER_DOWN');
      expect([sections.publishing.status, summary?.publisherStatus]).toEqual([null, null]);
    }
  });

  it('Spotify: a track whose playlist told its ISRC lacks nothing but what Spotify knows', async () => {
    const tracks = await passed('spotify-down-isrc', take(EACH).map(withIsrc));
    for (const { statuses } of tracks) expect(statuses).toEqual({ ...ENRICHED, spotify: 'failed' });
    await recovered('spotify');
  });

  const others = ['credits', 'publishing', 'links', 'analytics'] as const;
  it.for(others)('%s: that phase failed, the others are filled', async (phase) => {
    pipeline.sandbox.setFault({ provider: PROVIDERS[phase], mode: 'down' });
    const tracks = await passed(`${phase}-down`, take(EACH).map(bare));
    for (const { statuses, summary } of tracks) {
      expect(statuses).toEqual({ ...ENRICHED, [phase]: 'failed' });
      if (phase === 'publishing') expect(summary?.publisherStatus).toBeNull();
    }
    await recovered(phase);
  });
});

describe('poison on tracks.raw', () => {
  it('ends in the dead letters as it was, says why, and holds up nothing', async () => {
    const codec = plainCodec(pipeline.services.schemaRegistryUrl);
    const [before, after, elsewhere] = someTrackIds(3, seeded(11));
    if (before === undefined || after === undefined || elsewhere === undefined) throw new Error('no ids');
    const track = (id: string) => codec.encode('tracks.raw', plainTrack({ track: id }, 'run-poison', 3));
    const badId = await track('not-a-track');
    const unknownSchema = Buffer.from(badId);
    unknownSchema.writeInt32BE(2_000_000_000, 1);
    const poison = [
      { code: 'UNDECODABLE', value: Buffer.from('not Avro at all') },
      { code: 'UNKNOWN_SCHEMA', value: unknownSchema },
      { code: 'NO_TRACK_ID', value: badId },
    ];
    // All under one key, hence one after the other in one partition.
    await producePlainly(pipeline.services, 'tracks.raw', [
      { key: before, value: await track(before) },
      ...poison.map(({ code, value }) => ({ key: before, value, headers: { 'x-scraper': `sent ${code}` } })),
      { key: before, value: await track(after) },
      { key: elsewhere, value: await track(elsewhere) },
    ]);
    await pipeline.finished(['run-poison']);
    const { wrong, judged } = await verifier.verdict();
    expect(wrong).toEqual([]);

    const letters = judged.records('tracks.spotify.dlq').filter(({ headers }) => 'x-scraper' in headers);
    expect(
      letters.map(({ key, value, headers }) => ({
        key: String(key),
        value,
        from: headers['x-scraper'],
        code: headers['dl-error'],
      })),
    ).toEqual(poison.map(({ code, value }) => ({ key: before, value, from: `sent ${code}`, code })));
    for (const { headers } of letters)
      expect(headers).toMatchObject({
        'dl-forwarded': 'false',
        'dl-origin-topic': 'tracks.raw',
        'dl-group': 'tracks.spotify',
      });
    const complete = judged.events.filter(({ runId, place }) => runId === 'run-poison' && place === COMPLETE);
    expect(complete.map(({ trackId }) => trackId).sort()).toEqual([before, after, elsewhere].sort());
  });
});

/** The records of a stage of their own on its one partition, until each has ended: what went on, what was put aside, and how often the worker died. */
async function endedOf(name: string, records: readonly Told[]) {
  const group = uniqueName(name);
  const topics = ['in', 'out', 'replay', 'dlq'].map((topic) => `${group}.${topic}`);
  const brokers = [...pipeline.services.kafkaBrokers];
  const admin = new kafkajs.Kafka({ brokers, logLevel: kafkajs.logLevel.NOTHING }).admin();
  await admin.connect();
  await newTopics(
    admin,
    topics.map((topic) => ({ topic, numPartitions: 1 })),
  );
  await admin.disconnect();
  const messages = records.map((record) => ({ key: record.id, value: Buffer.from(JSON.stringify(record)) }));
  await producePlainly(pipeline.services, `${group}.in`, messages);

  const log = await topicLog(brokers, [`${group}.out`, `${group}.dlq`]);
  const read = (topic: string) => log.records(`${group}.${topic}`);
  // A broker of ours allows shorter sessions than others do, so that a restart need not wait long for the dead.
  const sessionMs = pipeline.services.doors.kafka.kind === 'machine' ? '2000' : '6000';
  const start = (): Child =>
    startChild([resolve('test/support/told-worker.ts'), group], {
      ...pipeline.env,
      KAFKA_SESSION_TIMEOUT_MS: sessionMs,
    });
  let deaths = 0;
  let child = start();
  const isDone = async (): Promise<boolean> => {
    if (!child.alive()) {
      expect(await child.ended).toBe('SIGKILL');
      deaths += 1;
      child = start();
    }
    await log.readToEnds().catch(() => undefined);
    const ids = new Set([...read('out'), ...read('dlq')].map(({ key }) => String(key)));
    return ids.size >= records.length;
  };
  await within(isDone, 120_000, () => `every record to end after ${deaths} deaths\n${child.err().slice(-2000)}`);
  await child.kill();
  await log.readToEnds();
  await log.close();
  const out = read('out').map(({ value }) => JSON.parse(String(value)));
  const letters = read('dlq').map(({ value, headers }) => ({
    told: JSON.parse(String(value)),
    code: headers['dl-error'],
    forwarded: headers['dl-forwarded'],
  }));
  return { out, letters, deaths };
}

describe('a batch of which some time out', () => {
  it('tries those again in place, and only those; what never comes goes on as failed', async () => {
    const stalled: Told = { id: 'stalled', does: 'stall' };
    const ended = await endedOf('timeouts', [
      { id: 'first', does: 'count' },
      { id: 'faltering', does: 'falter' },
      stalled,
      { id: 'last', does: 'count' },
    ]);
    expect(ended).toEqual({
      out: [
        { id: 'first', tries: 1 },
        { id: 'faltering', tries: 2 },
        { id: 'stalled', failed: 'TIMEOUT' },
        { id: 'last', tries: 1 },
      ],
      letters: [{ told: stalled, code: 'TIMEOUT', forwarded: 'true' }],
      deaths: 0,
    });
  });
});

describe('a stage with a bug', () => {
  it('whose handler throws, miscounts or writes too much: that record goes on as failed, its neighbours as ever', async () => {
    const thrown: Told = { id: 'thrown', does: 'throw' };
    const repeated: Told = { id: 'repeated', does: 'repeat' };
    const grown: Told = { id: 'grown', does: 'grow' };
    const ended = await endedOf('bug', [{ id: 'first' }, thrown, { id: 'third' }, repeated, grown, { id: 'last' }]);
    expect(ended).toEqual({
      out: [
        { id: 'first' },
        { id: 'thrown', failed: 'BUG' },
        { id: 'third' },
        { id: 'repeated', failed: 'BUG' },
        { id: 'grown', failed: 'OVERSIZE' },
        { id: 'last' },
      ],
      letters: [
        { told: thrown, code: 'BUG', forwarded: 'true' },
        { told: repeated, code: 'BUG', forwarded: 'true' },
        { told: grown, code: 'OVERSIZE', forwarded: 'true' },
      ],
      deaths: 0,
    });
  });

  it('that dies on a record again and again puts it aside, and its neighbours complete', async () => {
    const killer: Told = { id: 'killer', does: 'kill' };
    const ended = await endedOf('killer', [
      { id: 'first' },
      { id: 'second' },
      killer,
      { id: 'fourth' },
      { id: 'last' },
    ]);
    expect(ended).toEqual({
      out: ['first', 'second', 'fourth', 'last'].map((id) => ({ id })),
      letters: [{ told: killer, code: 'CRASH', forwarded: 'false' }],
      // Twice in a batch, twice alone; the fifth process puts it aside.
      deaths: 4,
    });
  });
});

describe('a worker', () => {
  it('drains on SIGTERM in the middle of its work, ends with 0, and the next one goes on', async () => {
    await publishPlainly(pipeline.services, 'drained', someTracks(12));
    await within(
      () => isAt('tracks.linked', 'drained'),
      60_000,
      () => 'work in hand',
    );
    expect(await worker.stop()).toBe(0);
    worker = await startWorker({ CREDITS_SCRAPE: 'off' });
    await pipeline.finished(['drained']);
    expect((await verifier.verdict()).wrong).toEqual([]);
  });

  it('that loses Postgres waits or ends with a failure, and the work goes on where it stood', async () => {
    await publishPlainly(pipeline.services, 'lost-postgres', someTracks(13));
    await within(
      () => isAt('tracks.linked', 'lost-postgres'),
      60_000,
      () => 'work in hand',
    );
    await postgres.kill();
    // Long enough that the loss is met by whatever was in hand.
    await until(() => !worker.alive(), 3_000);
    if (!worker.alive()) expect(await worker.ended).toBe(1);
    await postgres.startAgain();
    const isThrough = async (): Promise<boolean> => {
      if (!worker.alive()) worker = await startWorker({ CREDITS_SCRAPE: 'off' });
      return pipeline.finished(['lost-postgres'], 1_000).then(
        () => true,
        () => false,
      );
    };
    await within(isThrough, 120_000, () => `the run to finish\n${worker.err().slice(-3000)}`);
    expect((await verifier.verdict()).wrong).toEqual([]);
  });
});
