import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { fetchHttp } from '#adapters/http/fetch.ts';
import { publishingStage } from '#phases/publishing/stage.ts';
import { PACE } from '#phases/shared/phase-stage.ts';
import { mlcClient } from '#providers/mlc/client.ts';
import type { ProviderPorts } from '#providers/provider-ports.ts';
import { createCatalogue } from '#sandbox/catalogue/catalogue.ts';
import type { Recording } from '#sandbox/catalogue/recordings.ts';
import type { Work } from '#sandbox/catalogue/works.ts';
import { sandboxCredentials } from '#sandbox/credentials.ts';
import { type Sandbox, startSandbox } from '#sandbox/start.ts';
import { type CatalogueTrack, catalogueTracks } from '#test/support/catalogue.ts';
import { aContext, aMessage } from '#test/support/messages.ts';
import { providerPorts } from '#test/support/providers.ts';
import { aPart, aTrackEvent } from '#test/support/tracks.ts';
import type { TrackEvent } from '#track/event.ts';
import { NO_SECTIONS } from '#track/sections/sections.ts';

const catalogue = createCatalogue();
const tracks = catalogueTracks(catalogue, 400);

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ pace: 'zero' });
});
afterAll(() => sandbox.stop());
beforeEach(() => {
  sandbox.clearFaults();
  sandbox.resetCalls();
});

/** An event as it comes out of the credits phase: the writers as the page names them. */
function eventOf({ id, recording }: CatalogueTrack): TrackEvent {
  const contributors = recording.work.writers.map(({ writer }) => ({
    name: writer.name.full,
    artistUri: null,
    roles: [{ given: 'Writer', group: null, role: 'writer' as const }],
  }));
  const people = aPart({ contributors, reading: 'json' as const }, { askedBy: `track:${id}` });
  const sections = { ...NO_SECTIONS, credits: { ...NO_SECTIONS.credits, people } };
  return aTrackEvent({ trackId: id, sections }, { track: id, isrc: recording.isrc, name: recording.title });
}

const stageOn = (ports: ProviderPorts, password: string = sandboxCredentials.MLC_PASSWORD) =>
  publishingStage(
    mlcClient(
      {
        apiUrl: sandbox.urls.MLC_API_URL,
        username: sandboxCredentials.MLC_USERNAME,
        password,
        lingerMs: { live: 20, replay: 20 },
      },
      ports,
    ),
    PACE,
  );

const portsNow = () => providerPorts(fetchHttp, { now: Date.now });

const run = (ports: ProviderPorts, some: readonly CatalogueTrack[] = tracks) =>
  stageOn(ports).handle(
    some.map((track) => aMessage(eventOf(track))),
    aContext({ now: Date.now() }),
  );

const WORDS: Readonly<Record<string, string>> = { selfPublished: 'self_published', partial: 'signed' };
const wordOf = ({ publishing }: Work): string => WORDS[publishing] ?? publishing;

/** People of one name are one to whoever has only names to go by. */
const namesOf = (work: Work): ReadonlySet<string> => new Set(work.writers.map(({ writer }) => writer.name.full));

/** How many of all names on two works stand on both, from 0 to 1. */
const overlap = (one: Work, other: Work): number =>
  namesOf(one).intersection(namesOf(other)).size / namesOf(one).union(namesOf(other)).size;

/** What the song search can lead to: the registered works of the title by people of these names, most of them first. */
const listed = (work: Work): readonly Work[] =>
  catalogue.search
    .works(
      work.title,
      [...namesOf(work)].flatMap((name) => catalogue.search.writersNamed(name)),
    )
    .filter((one) => one.registered && overlap(one, work) > 0)
    .sort((a, b) => overlap(b, work) - overlap(a, work));

/** By title and writers: nothing; one that is sure; or, with most writers others, or works of two teams alike, no more than a doubt. */
function expectedByTitle(recording: Recording): readonly string[] {
  const found = listed(recording.work);
  const [best] = found;
  if (best === undefined) return ['unregistered'];
  const alike = found.filter((one) => overlap(one, recording.work) === overlap(best, recording.work));
  if (overlap(best, recording.work) < 0.5) return ['ambiguous'];
  return alike.length === 1 ? [wordOf(best)] : ['ambiguous', ...alike.map(wordOf)];
}

/** What the catalogue makes of a recording, in the words of the decision table. */
function expected(recording: Recording): readonly string[] {
  if (recording.isrc === null)
    return expectedByTitle(recording).map((one) => (one === 'unregistered' ? 'not_yet' : one));
  if (recording.has('withoutMlcMatch') || !recording.work.registered) return expectedByTitle(recording);
  return [wordOf(recording.work)];
}

const endpoints = () => sandbox.calls().providers.mlc?.endpoints ?? {};

describe('the publishing phase against the sandbox', () => {
  test('comes to the status that the catalogue means, for every track', async () => {
    const outcomes = await run(portsNow());
    const seen = outcomes.map((outcome) => {
      if (outcome.kind !== 'forward') throw new Error(`not forwarded: ${JSON.stringify(outcome)}`);
      const { reports, sections } = outcome.event;
      const status = sections.publishing.status?.value.status;
      return status ?? reports.publishing?.status;
    });
    const wrong = tracks.flatMap(({ id, recording }, at) =>
      expected(recording).includes(seen[at] ?? '') ? [] : [{ id, seen: seen[at], expected: expected(recording) }],
    );
    expect(wrong).toEqual([]);
    expect(new Set(seen)).toEqual(
      new Set(['unregistered', 'ambiguous', 'disputed', 'unsigned', 'self_published', 'signed', 'split', 'not_yet']),
    );
  });

  test('flags works that are only partly claimed', async () => {
    const partial = tracks.filter(
      ({ recording }) => recording.work.publishing === 'partial' && expected(recording)[0] === 'signed',
    );
    expect(partial.length).toBeGreaterThan(0);
    for (const outcome of await run(portsNow(), partial)) {
      expect(outcome).toMatchObject({ event: { sections: { publishing: { status: { value: { partial: true } } } } } });
    }
  });

  test('asks each ISRC once and works in batches, and pays nothing for the second pass', async () => {
    const ports = portsNow();
    await run(ports);
    const { token, 'search-recordings': recordings, 'search-songcode': songs, works } = endpoints();
    const isrcs = new Set(tracks.flatMap(({ recording }) => recording.isrc ?? []));
    expect([token?.calls, recordings?.calls, works?.ids === works?.distinctIds]).toEqual([1, isrcs.size, true]);
    // The second way is counted apart: one question for each song that the first one did not find.
    const unmatched = tracks.filter(
      ({ recording: { isrc, work, has } }) => isrc === null || has('withoutMlcMatch') || !work.registered,
    );
    expect(songs?.calls).toBeGreaterThan(unmatched.length * 0.9);
    expect(songs?.calls).toBeLessThanOrEqual(unmatched.length);
    expect(works?.calls).toBeLessThan(isrcs.size / 4);
    sandbox.resetCalls();
    await run(ports);
    expect(endpoints()).toEqual({});
  });

  test.each(['down', 'cut', 'html', 'status:500', 'status:429', 'status:401', 'status:403'] as const)(
    'a provider that is %s leaves no status at all',
    async (mode) => {
      const ports = portsNow();
      sandbox.setFault({ provider: 'mlc', mode });
      const some = tracks.filter(({ recording }) => recording.isrc !== null).slice(0, 3);
      const stage = stageOn(ports);
      const messages = some.map((track) => aMessage(eventOf(track)));
      const outcomes = await stage.handle(messages, aContext({ now: Date.now() }));
      for (const [index, outcome] of outcomes.entries()) {
        const message = messages[index];
        if (outcome.kind !== 'retry' || message === undefined)
          throw new Error(`not retried: ${JSON.stringify(outcome)}`);
        const given = stage.giveUp(message, outcome.failure, aContext());
        expect([given.sections.publishing, given.reports.publishing?.status]).toEqual([
          NO_SECTIONS.publishing,
          'failed',
        ]);
      }
    },
  );

  test('finds works whose recordings are not matched by their title and writers, and says so', async () => {
    const hidden = tracks.filter(({ recording }) => {
      const [best, next] = listed(recording.work);
      const isSure =
        best?.number === recording.work.number && (next === undefined || overlap(next, recording.work) < 1);
      return recording.isrc !== null && recording.has('withoutMlcMatch') && isSure;
    });
    expect(hidden.length).toBeGreaterThan(5);
    const outcomes = await run(portsNow(), hidden);
    const seen = outcomes.map((outcome) => ('event' in outcome ? outcome.event.sections.publishing : null));
    expect(seen.map((section) => section?.work?.value.songCode)).toEqual(
      hidden.map(({ recording }) => recording.work.songCode),
    );
    expect(seen.every((section) => section?.status?.value.evidence[0]?.startsWith('Found by title and writers'))).toBe(
      true,
    );
  });

  test('goes on with a new token when all of them end in the middle of a run', async () => {
    const stage = stageOn(portsNow());
    const ask = (some: readonly CatalogueTrack[]) =>
      stage.handle(
        some.map((track) => aMessage(eventOf(track))),
        aContext({ now: Date.now() }),
      );
    await ask(tracks.slice(0, 50));
    sandbox.setFault({ provider: 'mlc', mode: 'expire' });
    const outcomes = await ask(tracks.slice(50, 100));
    expect(new Set(outcomes.map(({ kind }) => kind))).toEqual(new Set(['forward']));
    expect(endpoints()['token']?.calls).toBe(2);
  });

  test('takes a login that is answered with 200 and an error for the refusal that it is', async () => {
    const [track] = tracks.filter(({ recording }) => recording.isrc !== null);
    if (track === undefined) throw new Error('no track');
    const [outcome] = await stageOn(portsNow(), 'wrong').handle([aMessage(eventOf(track))], aContext());
    expect(outcome).toMatchObject({ kind: 'retry', failure: { code: 'UNAUTHORIZED' } });
    expect(endpoints()['token']?.statuses).toEqual({ 200: 1 });
  });
});
