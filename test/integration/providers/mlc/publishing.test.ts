import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { fetchHttp } from '#adapters/http/fetch.ts';
import { publishingStage } from '#phases/publishing/stage.ts';
import { PACE } from '#phases/shared/phase-stage.ts';
import { mlcClient } from '#providers/mlc/client.ts';
import type { ProviderPorts } from '#providers/ports.ts';
import { createCatalogue } from '#sandbox/catalogue/catalogue.ts';
import type { Recording } from '#sandbox/catalogue/recordings.ts';
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

const stageOn = (ports: ProviderPorts) =>
  publishingStage(
    mlcClient(
      {
        apiUrl: sandbox.urls.MLC_API_URL,
        username: sandboxCredentials.MLC_USERNAME,
        password: sandboxCredentials.MLC_PASSWORD,
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

/** What the catalogue makes of a recording, in the words of the decision table. */
function expected(recording: Recording): string {
  if (recording.isrc === null) return 'not_yet';
  if (recording.has('withoutMlcMatch') || !recording.work.registered) return 'unregistered';
  const words: Readonly<Record<string, string>> = { selfPublished: 'self_published', partial: 'signed' };
  const { publishing } = recording.work;
  return words[publishing] ?? publishing;
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
    expect(seen).toEqual(tracks.map(({ recording }) => expected(recording)));
    expect(new Set(seen).size).toBeGreaterThanOrEqual(7);
  });

  test('flags works that are only partly claimed', async () => {
    const partial = tracks.filter(
      ({ recording }) => recording.work.publishing === 'partial' && expected(recording) === 'signed',
    );
    expect(partial.length).toBeGreaterThan(0);
    for (const outcome of await run(portsNow(), partial)) {
      expect(outcome).toMatchObject({ event: { sections: { publishing: { status: { value: { partial: true } } } } } });
    }
  });

  test('asks each ISRC once and works in batches, and pays nothing for the second pass', async () => {
    const ports = portsNow();
    await run(ports);
    const { token, 'search-recordings': recordings, works } = endpoints();
    const isrcs = new Set(tracks.flatMap(({ recording }) => recording.isrc ?? []));
    expect([token?.calls, recordings?.calls, works?.ids === works?.distinctIds]).toEqual([1, isrcs.size, true]);
    expect(works?.calls).toBeLessThan(isrcs.size / 4);
    sandbox.resetCalls();
    await run(ports);
    expect(endpoints()).toEqual({});
  });

  test.each(['down', 'cut', 'html', 'status:500', 'status:429', 'status:401'] as const)(
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
});
