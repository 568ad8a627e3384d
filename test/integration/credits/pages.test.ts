import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PAGE_READER_DEFAULTS, type PageReaderOptions, pageReader } from '#adapters/browser/page-reader.ts';
import { memoryGovernor } from '#adapters/memory/governor.ts';
import { memoryPlaces } from '#adapters/memory/places.ts';
import { bareEnvironment } from '#local/environment.ts';
import { creditsStage } from '#phases/credits/stage.ts';
import { PACE } from '#phases/shared/phase-stage.ts';
import type { Answer } from '#providers/answer.ts';
import { type WebPlayerClient, webPlayerClient } from '#providers/web-player/client.ts';
import type { CreditsFacts } from '#providers/web-player/facts.ts';
import type { PageReader } from '#providers/web-player/page.ts';
import { type Catalogue, createCatalogue } from '#sandbox/catalogue/catalogue.ts';
import type { Contributor as Credited } from '#sandbox/catalogue/credits.ts';
import type { Recording } from '#sandbox/catalogue/recordings.ts';
import { type Sandbox, startSandbox } from '#sandbox/start.ts';
import { caseId, hardNames } from '#sandbox/web-player/cases.ts';
import { mixedPage } from '#sandbox/web-player/mixes.ts';
import { type Page, pageOf } from '#sandbox/web-player/page.ts';
import type { Outcome } from '#stream/outcome.ts';
import { chromiumArgs, chromiumPath } from '#test/support/addresses.ts';
import { catalogueTracks } from '#test/support/catalogue.ts';
import { aContext, aMessage } from '#test/support/messages.ts';
import { anAsking, noHttp, providerPorts } from '#test/support/providers.ts';
import { seeded, someTrackIds } from '#test/support/random.ts';
import { aTrackEvent } from '#test/support/tracks.ts';
import type { TrackEvent } from '#track/event.ts';

const catalogue: Catalogue = createCatalogue();
let sandbox: Sandbox;
let pages: ReturnType<typeof pageReader>;

const reader = (over: Partial<PageReaderOptions> = {}) =>
  pageReader({
    ...PAGE_READER_DEFAULTS,
    executablePath: chromiumPath(),
    args: chromiumArgs(),
    env: bareEnvironment(process.env),
    places: memoryPlaces(2),
    pageMs: 20_000,
    drawMs: 3_000,
    ...over,
  });

beforeAll(async () => {
  sandbox = await startSandbox({ pace: 'zero' });
  pages = reader();
});
afterAll(async () => {
  await pages.close();
  await sandbox.stop();
});
beforeEach(() => {
  sandbox.setMix({});
  sandbox.clearFaults();
  sandbox.resetCalls();
});

function clientOf(read: PageReader = pages.read, webUrl = sandbox.urls.SPOTIFY_WEB_URL): WebPlayerClient {
  const governor = memoryGovernor({ 'web-player': { perSecond: 1_000, burst: 100 } }, Date.now);
  return webPlayerClient({ webUrl }, { ...providerPorts(noHttp, { governor, now: Date.now }), reader: read });
}

const asking = () => anAsking({ now: Date.now() });
const recordingOf = (id: string) => catalogue.recording(catalogue.resolve.track(id) ?? -1);

/** People as the catalogue has them: one entry a name and link, with all roles as given. */
function dueOf(credits: readonly Credited[]) {
  const people = new Map<string, { name: string; artistUri: string | null; roles: string[] }>();
  for (const { name, artistId, role } of credits) {
    const artistUri = artistId === null ? null : `spotify:artist:${artistId}`;
    const key = `${name}\n${artistUri}`;
    people.set(key, { name, artistUri, roles: [...(people.get(key)?.roles ?? []), role] });
  }
  return [...people.values()];
}

const seenOf = (answer: Answer<CreditsFacts>) => {
  if (answer.kind !== 'found') return answer;
  const { people, source } = answer.facts;
  return {
    reading: people.reading,
    people: people.contributors.map(({ name, artistUri, roles }) => ({
      name,
      artistUri,
      roles: roles.map(({ given }) => given),
    })),
    source: source.names,
  };
};

const endedAs = (outcome: Outcome<TrackEvent>) => {
  if (outcome.kind !== 'forward') return null;
  const { reports, sections } = outcome.event;
  const { people, streams } = sections.credits;
  return {
    status: reports.credits?.status,
    names: people?.value.contributors.map(({ name }) => name) ?? [],
    playCount: streams?.value.playCount ?? null,
  };
};

function dueFrom(recording: Recording): ReturnType<typeof endedAs> {
  if (recording.has('unknownToSpotify')) return { status: 'not_found', names: [], playCount: null };
  if (recording.has('regionRestricted')) return { status: 'restricted', names: [], playCount: null };
  const names = dueOf(catalogue.credits(recording).contributors).map(({ name }) => name);
  return { status: names.length > 0 ? 'enriched' : 'not_found', names, playCount: recording.playCount };
}

/** A track and the others of the largest of the first albums, as far as their counts are told. */
function anAlbum() {
  const albums = Array.from({ length: 50 }, (_, number) => catalogue.albumTracks(number));
  const largest = albums.reduce((most, tracks) => (tracks.length > most.length ? tracks : most), []);
  const isPlain = ({ recording }: (typeof largest)[number]) =>
    !recording.has('unknownToSpotify') && !recording.has('regionRestricted') && recording.playCount !== null;
  const [first, ...others] = largest.filter(isPlain);
  if (first === undefined || others.length === 0) throw new Error('no album of the first fifty has two plain tracks');
  return { first, others };
}

const codeOf = (answer: Answer<unknown>): string => (answer.kind === 'failed' ? answer.failure.code : answer.kind);

describe('the credits of a page, in Chromium', () => {
  it.each([
    ['1 (normal; T2.1 tracks with credits)', caseId(1)],
    ['2 (grouped dialog)', caseId(2)],
    ['3 (flat dialog)', caseId(3)],
    ['6 (consent banner)', caseId(6)],
    ['12 (German)', caseId(12)],
    ['12 (French)', caseId(12, 1)],
    ['12 (Korean)', caseId(12, 2)],
    ['19 (leaks memory)', caseId(19)],
  ])("case %s: equal the catalogue's, read from the page's own JSON", async (_, id) => {
    const { contributors, sources } = catalogue.credits(recordingOf(id));
    expect(seenOf(await clientOf().credits(id, asking()))).toEqual({
      reading: 'json',
      people: dueOf(contributors),
      source: sources,
    });
  });

  it.each([
    ['10 (its query is unknown; T2.7 fallback when the primary extraction fails)', caseId(10)],
    ['11 (its answer has another shape)', caseId(11)],
  ])('case %s: are read from the dialog, and name the same people in the same roles', async (_, id) => {
    const { contributors, sources } = catalogue.credits(recordingOf(id));
    const client = clientOf();
    expect(seenOf(await client.credits(id, asking()))).toEqual({
      reading: 'dom',
      people: dueOf(contributors),
      source: sources,
    });
    const { playCount } = recordingOf(id);
    expect(await client.streams(id, asking())).toMatchObject({ kind: 'found', facts: { playCount } });
  });

  it('case 4, T2.2 tracks without credits: nobody is credited, and the count is kept', async () => {
    const client = clientOf();
    expect(seenOf(await client.credits(caseId(4), asking()))).toEqual({ reading: 'json', people: [], source: [] });
    const { playCount } = recordingOf(caseId(4));
    expect(await client.streams(caseId(4), asking())).toMatchObject({ kind: 'found', facts: { playCount } });
  });

  it.each([
    ['5: no count', caseId(5), null],
    ['12: German', caseId(12), 1_234_567],
    ['12: French', caseId(12, 1), 1_234_567],
    ['18: 0', caseId(18), 0],
    ['18: 7', caseId(18, 1), 7],
    ['18: 999', caseId(18, 2), 999],
    ['18: past 32 bits', caseId(18, 3), 5_012_345_678],
  ])('case %s', async (_, id, playCount) => {
    expect(await clientOf().streams(id, asking())).toMatchObject({ kind: 'found', facts: { playCount } });
  });

  it.each([
    ['7, T2.4 region-restricted tracks: restricted', caseId(7), 'restricted'],
    ['8, T2.3 private/unavailable tracks: no such track', caseId(8), 'not_found'],
    ['13: too many visits', caseId(13), 'RATE_LIMITED'],
    ['14: the connection is cut', caseId(14), 'CONNECTION'],
  ])('case %s', async (_, id, code) => {
    expect(codeOf(await clientOf().credits(id, asking()))).toBe(code);
  });

  it('case 9: a page that never draws itself, or never ends, times out, and its tab is free again', async () => {
    const impatient = reader({ places: memoryPlaces(3), pageMs: 4_000 });
    try {
      const client = clientOf(impatient.read);
      const reading = [caseId(9), caseId(20), caseId(20, 1), caseId(1)].map((id) => client.credits(id, asking()));
      expect((await Promise.all(reading)).map(codeOf)).toEqual(['TIMEOUT', 'TIMEOUT', 'TIMEOUT', 'found']);
      await expect.poll(() => sandbox.tabs(), { timeout: 5_000 }).toEqual({ now: 0, peak: 3 });
    } finally {
      await impatient.close();
    }
  });

  it.each([
    ['grouped', caseId(15)],
    ['flat', caseId(15, 1)],
  ])('case 15: names stay as they are (%s)', async (_, id) => {
    const answer = await clientOf().credits(id, asking());
    const names = answer.kind === 'found' ? answer.facts.people.contributors.map(({ name }) => name) : [];
    expect(names).toEqual([...hardNames]);
  });

  it('case 16: who wrote and produced is one person with both roles', async () => {
    const answer = await clientOf().credits(caseId(16), asking());
    expect(answer.kind === 'found' && answer.facts.people.contributors).toEqual([
      {
        name: 'Ysolde Marrow',
        artistUri: null,
        roles: [
          { given: 'Composer', group: 'Composition & Lyrics', role: 'composer' },
          { given: 'Producer', group: 'Production & Engineering', role: 'producer' },
        ],
      },
      {
        name: 'Tam Orrin',
        artistUri: null,
        roles: [{ given: 'Composer', group: 'Composition & Lyrics', role: 'composer' }],
      },
    ]);
  });

  it('case 17, T2.5 unusually long credit lists: all sixty are read', async () => {
    const answer = await clientOf().credits(caseId(17), asking());
    expect(answer.kind === 'found' && answer.facts.people.contributors.length).toBe(60);
  });

  it.each([
    ['track-page', 'down', 'PROVIDER_DOWN'],
    ['track-page', 'status:500', 'PROVIDER_ERROR'],
    ['pathfinder:getTrack', 'status:429', 'RATE_LIMITED'],
    ['pathfinder:getTrack', 'cut', 'CONNECTION'],
    ['pathfinder:queryTrackCreditsGroupedModal', 'down', 'PROVIDER_DOWN'],
    ['pathfinder:queryTrackCreditsGroupedModal', 'hang', 'TIMEOUT'],
  ] as const)('trouble at %s (%s) is told as %s', async (endpoint, mode, code) => {
    sandbox.setFault({ provider: 'web-player', endpoint, mode });
    expect(codeOf(await clientOf().credits(caseId(1), asking()))).toBe(code);
  });

  it('a layout that nobody knows is UNPARSEABLE: no role is taken for a name, and the count is read all the same', async () => {
    sandbox.setMix({ unknown: 1 });
    const { id, recording } = anAlbum().first;
    const client = clientOf();
    expect(codeOf(await client.credits(id, asking()))).toBe('UNPARSEABLE');
    expect(await client.streams(id, asking())).toMatchObject({ facts: { playCount: recording.playCount } });
    sandbox.setMix({});
    expect(codeOf(await client.credits(id, asking()))).toBe('found');
  });

  it('a count that was read stays read when the credits are in trouble', async () => {
    sandbox.setFault({ provider: 'web-player', endpoint: 'pathfinder:queryTrackCreditsGroupedModal', mode: 'html' });
    const client = clientOf();
    expect(codeOf(await client.credits(caseId(1), asking()))).toBe('UNPARSEABLE');
    expect(await client.streams(caseId(1), asking())).toMatchObject({ kind: 'found', facts: { playCount: 1_234_567 } });
    expect(sandbox.calls().providers['web-player']?.endpoints['track-page']?.calls).toBe(1);
  });

  it('the phase ends for every track of the catalogue as the catalogue has it, and asks for no page twice', async () => {
    const tracks = catalogueTracks(catalogue, 60);
    const stage = creditsStage(clientOf(), PACE);
    const messages = tracks.map(({ id }) => aMessage(aTrackEvent({ trackId: id })));
    const pass = () => stage.handle(messages, aContext({ now: Date.now() }));
    const outcomes = await pass();
    expect(outcomes.map(endedAs)).toEqual(tracks.map(({ recording }) => dueFrom(recording)));
    expect(new Set(outcomes.map((outcome) => endedAs(outcome)?.status)).size).toBeGreaterThan(1);
    const due = Object.fromEntries(tracks.map(({ id }) => [id, 1]));
    await pass();
    expect(sandbox.idsAsked('web-player', 'track-page')).toEqual(due);
  });

  it('the sandbox counts the tabs that are open, as long as they are', async () => {
    sandbox.setFault({ provider: 'web-player', endpoint: 'pathfinder:getTrack', mode: 'hang' });
    const impatient = reader({ pageMs: 3_000 });
    try {
      const client = clientOf(impatient.read);
      const reading = Promise.all([1, 2, 3].map((number) => client.credits(caseId(number), asking())));
      await expect.poll(() => sandbox.calls().providers['web-player']?.concurrent, { timeout: 10_000 }).toBe(2);
      expect(sandbox.tabs()).toEqual({ now: 2, peak: 2 });
      sandbox.clearFaults();
      expect((await reading).map(codeOf)).toEqual(['TIMEOUT', 'TIMEOUT', 'found']);
      await expect.poll(() => sandbox.tabs(), { timeout: 1_000 }).toEqual({ now: 0, peak: 2 });
    } finally {
      await impatient.close();
    }
  });

  it('nobody there is PROVIDER_DOWN', async () => {
    expect(codeOf(await clientOf(pages.read, 'http://127.0.0.1:2').credits(caseId(1), asking()))).toBe('PROVIDER_DOWN');
  });
});

const MIXED = { mixed: 1, troubled: 0, unknown: 0 };

/** The dialog of 2025 has these groups alone, and tells no roles within them. */
const FLAT_ROLES: Readonly<Record<string, string>> = {
  Artist: 'Performed by',
  'Composition & Lyrics': 'Written by',
  'Production & Engineering': 'Produced by',
};
const inFlatDialog = (contributors: readonly Credited[]): readonly Credited[] =>
  contributors.flatMap((one) => {
    const role = FLAT_ROLES[one.group];
    return role === undefined ? [] : [{ ...one, role }];
  });

/** People in an order and with each role once: the dialog stands by groups, the JSON as it was told. */
const inOrder = (people: ReturnType<typeof dueOf>) =>
  people
    .map((one) => ({ ...one, roles: [...new Set(one.roles)].sort() }))
    .sort((one, other) => (`${one.name}${one.artistUri}` < `${other.name}${other.artistUri}` ? -1 : 1));

/** What is to be read of a page, by what the sandbox serves. */
function dueOfPage({ state, api, layout, contributors, sources, playCount }: Page) {
  if (state === 'not-found') return { kind: 'not_found' };
  if (state === 'restricted') return { kind: 'restricted' };
  const reading = api === 'works' ? 'json' : 'dom';
  const shown = reading === 'dom' && layout === 'flat' ? inFlatDialog(contributors) : contributors;
  return { reading, people: inOrder(dueOf(shown)), source: sources, playCount };
}

async function readOf(client: WebPlayerClient, id: string) {
  const answer = await client.credits(id, asking());
  const seen = seenOf(answer);
  if (!('people' in seen)) return seen.kind === 'failed' ? seen : { kind: seen.kind };
  const streams = await client.streams(id, asking());
  return {
    ...seen,
    people: inOrder(seen.people),
    playCount: streams.kind === 'found' ? streams.facts.playCount : streams.kind,
  };
}

describe('mixes of the cases, in Chromium', () => {
  it('are read as they are served: 60 pages of every layout, language and way to fail', async () => {
    sandbox.setMix(MIXED);
    const served = someTrackIds(60, seeded(5)).map((id) => {
      const page = pageOf(catalogue, id);
      if (page === null) throw new Error(`the sandbox has no page for ${id}`);
      return mixedPage(catalogue.world, MIXED, page);
    });
    const client = clientOf();
    const read = await Promise.all(
      served.map(async ({ id, layout, locale, api }) => ({ id, layout, locale, api, read: await readOf(client, id) })),
    );
    expect(read).toEqual(
      served.map((page) => {
        const { id, layout, locale, api } = page;
        return { id, layout, locale, api, read: dueOfPage(page) };
      }),
    );
  }, 120_000);
});

describe('the counts of an album, in Chromium', () => {
  it.each(['streams', 'credits'] as const)(
    'come with one page for %s, and the other tracks cost none',
    async (kind) => {
      const { first, others } = anAlbum();
      const client = clientOf();
      expect(codeOf(await client[kind](first.id, asking()))).toBe('found');
      const calls = sandbox.calls();
      for (const { id, recording } of others) {
        expect(await client.streams(id, asking())).toMatchObject({ facts: { playCount: recording.playCount } });
      }
      expect(sandbox.calls()).toEqual(calls);
    },
  );
});
