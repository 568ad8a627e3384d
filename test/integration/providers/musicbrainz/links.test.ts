import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fetchHttp } from '#adapters/http/fetch.ts';
import { memoryGovernor } from '#adapters/memory/governor.ts';
import { linksStage } from '#phases/links/stage.ts';
import { musicbrainzClient } from '#providers/musicbrainz/client.ts';
import { createCatalogue } from '#sandbox/catalogue/catalogue.ts';
import { isrcOf } from '#sandbox/catalogue/recordings.ts';
import { sandboxCredentials } from '#sandbox/credentials.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from '#sandbox/start.ts';
import type { Outcome } from '#stream/outcome.ts';
import { type CatalogueTrack, catalogueTracks } from '#test/support/catalogue.ts';
import { aContext, aMessage } from '#test/support/messages.ts';
import { anAsking, providerPorts } from '#test/support/providers.ts';
import { aPart, aTrackEvent } from '#test/support/tracks.ts';
import type { TrackEvent } from '#track/event.ts';
import type { LinkedWriter } from '#track/sections/links.ts';
import { NO_SECTIONS } from '#track/sections/sections.ts';

const catalogue = createCatalogue();
const tracks = catalogueTracks(catalogue, 300);

function clientOf(sandbox: Sandbox, perSecond: number) {
  const governor = memoryGovernor({ musicbrainz: { perSecond, burst: 1 } }, Date.now);
  return musicbrainzClient(
    {
      url: sandbox.urls.MUSICBRAINZ_URL,
      contact: sandboxCredentials.MUSICBRAINZ_CONTACT,
      version: '0.0.0',
      lingerMs: { live: 50, replay: 50 },
    },
    providerPorts(fetchHttp, { governor, now: Date.now }),
  );
}

/** The track as it comes from the phases before: its ISRC, and the writers of its work as the credits page names them. */
function eventOf({ id, recording }: CatalogueTrack): TrackEvent {
  const { writers } = recording.work;
  const contributors = writers.map(({ writer }) => ({
    name: writer.name.full,
    artistUri: null,
    roles: [{ given: 'Composer', group: null, role: 'composer' as const }],
  }));
  const mlcWriters = writers.map(({ writer }) => ({
    id: null,
    name: writer.name.full,
    ipi: writer.ipi,
    roleCode: null,
  }));
  const work = {
    songCode: 'S',
    iswc: null,
    title: recording.title,
    writers: mlcWriters,
    publishers: [],
    otherSongCodes: [],
  };
  const base = aTrackEvent({ trackId: id }, { isrc: recording.isrc, name: recording.title });
  const asked = `track:${id}`;
  return {
    ...base,
    sections: {
      ...NO_SECTIONS,
      credits: {
        ...NO_SECTIONS.credits,
        people: aPart({ contributors, reading: 'json' as const }, { askedBy: asked }),
      },
      publishing: { ...NO_SECTIONS.publishing, work: aPart(work, { askedBy: asked }) },
    },
  };
}

function eventThatGoesOn(outcome: Outcome<TrackEvent>): TrackEvent {
  if (outcome.kind !== 'forward') throw new Error(`an event did not go on: ${JSON.stringify(outcome)}`);
  return outcome.event;
}

/** By ISRC, or by the link to Spotify where Spotify gives no ISRC. */
const recordingsInCatalogue = ({ recording }: CatalogueTrack): string[] =>
  recording.has('withoutMusicBrainz') || (recording.isrc === null && recording.has('withoutSpotifyLink'))
    ? []
    : [catalogue.resolve.mbRecordingId(recording.number)];

const linksSeen = ({ name, links }: LinkedWriter) => ({ name, urls: links.map(({ url }) => url).toSorted() });

/** The links that the person behind the name has in the catalogue; none for whom only the name is known. */
function linksDue({ name, matchedBy }: LinkedWriter, track: CatalogueTrack | undefined): ReturnType<typeof linksSeen> {
  const own = track?.recording.work.writers.find(({ writer }) => writer.name.full === name)?.writer;
  const isSure = own !== undefined && own.mbid !== null && matchedBy !== 'name' && matchedBy !== 'unknown';
  const links = isSure ? catalogue.linksOfWriter(own) : [];
  const urls = links.filter(({ ended }) => !ended).map(({ url }) => url);
  return { name, urls: urls.toSorted() };
}

describe('the links phase against the sandbox', () => {
  let sandbox: Sandbox;
  const start = async (options: Partial<SandboxOptions> = {}) => {
    sandbox = await startSandbox({ pace: 'zero', ...options });
    return sandbox;
  };
  beforeAll(() => start());
  afterAll(() => sandbox.stop());

  const calls = () => sandbox.calls().providers.musicbrainz;

  it('finds what the catalogue holds, gives nobody the links of another, and pays once', async () => {
    const stage = linksStage(clientOf(sandbox, 1_000));
    const messages = tracks.map((track) => aMessage(eventOf(track)));
    const pass = () => stage.handle(messages, aContext({ now: Date.now() }));
    const outcomes = await pass();

    const events = outcomes.map(eventThatGoesOn);
    const found = events.map(({ sections }) => sections.links);
    expect(found.map(({ recording }) => recording?.value.mbids ?? [])).toEqual(tracks.map(recordingsInCatalogue));
    const writers = found.map((links) => links.writers?.value.writers ?? []);
    expect(writers.map((some) => some.map(linksSeen))).toEqual(
      writers.map((some, index) => some.map((writer) => linksDue(writer, tracks[index]))),
    );
    const ways = new Set(writers.flat().map(({ matchedBy }) => matchedBy));
    expect([...ways]).toEqual(expect.arrayContaining(['work_relation', 'ipi', 'name']));

    const paid = calls();
    const isrcs = new Set(tracks.flatMap(({ recording }) => recording.isrc ?? []));
    const linked = tracks.filter((track) => track.recording.isrc === null && recordingsInCatalogue(track).length > 0);
    const byLink = found.flatMap(({ recording }) => recording?.value.isrcs ?? []);
    expect([linked.length > 0, byLink]).toEqual([
      true,
      linked.map(({ recording: { number } }) => isrcOf(catalogue.world, number)),
    ]);
    expect(paid?.endpoints['recording-search']?.calls).toBe(Math.ceil(isrcs.size / 100) + 1);
    expect(paid?.endpoints['recording-search']?.ids).toBe(isrcs.size + linked.length);
    expect(paid?.calls).toBeLessThan(tracks.length / 4);
    expect(Object.values(paid?.endpoints ?? {}).every(({ statuses }) => Object.keys(statuses).join() === '200')).toBe(
      true,
    );

    await pass();
    expect(calls()?.calls).toBe(paid?.calls);
  });

  it('stays below the rate that the service allows', async () => {
    await sandbox.stop();
    await start({ limits: { musicbrainz: { windowMs: 1_000, calls: 20, refusedCount: false } } });
    const stage = linksStage(clientOf(sandbox, 18));
    await stage.handle(
      tracks.slice(0, 100).map((track) => aMessage(eventOf(track))),
      aContext({ now: Date.now() }),
    );
    const { endpoints = {}, mostInASecond = 0 } = calls() ?? {};
    expect(Object.values(endpoints).flatMap(({ statuses }) => Object.keys(statuses))).not.toContain('503');
    expect(mostInASecond).toBeLessThanOrEqual(20);
  });

  it.each([
    ['down', 'PROVIDER_DOWN'],
    ['cut', 'CONNECTION'],
    ['html', 'PROVIDER_ERROR'],
    ['status:503', 'RATE_LIMITED'],
    ['status:500', 'PROVIDER_ERROR'],
  ] as const)('tells that the service is in trouble (%s) as %s, and never as "not found"', async (mode, code) => {
    sandbox.setFault({ provider: 'musicbrainz', mode, count: 1 });
    const client = clientOf(sandbox, 1_000);
    const answer = await client.recordingsByIsrc('USTST2600001', anAsking({ now: Date.now() }));
    expect(answer.kind === 'failed' ? answer.failure.code : answer.kind).toBe(code);
    sandbox.clearFaults();
  });
});
