import { describe, expect, it } from 'vitest';
import { linksStage } from '#phases/links/stage.ts';
import type { Answer } from '#providers/answer.ts';
import type { MusicBrainzClient } from '#providers/musicbrainz/client.ts';
import type {
  FoundArtist,
  FoundLink,
  FoundRecording,
  FoundWork,
  LinkedRecording,
} from '#providers/musicbrainz/facts.ts';
import { aContext, aMessage } from '#test/support/messages.ts';
import { found, inTrouble, notFound } from '#test/support/provider-world.ts';
import { AT, aPart, aTrackEvent, trackId } from '#test/support/tracks.ts';
import type { TrackEvent } from '#track/event.ts';
import { resolveIsrc, summaryOf } from '#track/resolve.ts';
import { NO_SECTIONS } from '#track/sections/sections.ts';

const ISRC = 'USTST2600001';

type Script = {
  readonly recordings?: Answer<readonly FoundRecording[]>;
  readonly linked?: Answer<readonly string[]>;
  readonly byId?: Answer<readonly LinkedRecording[]>;
  readonly works?: Answer<readonly FoundWork[]>;
  readonly ipi?: Record<string, readonly FoundArtist[]>;
  readonly name?: Record<string, readonly FoundArtist[]>;
  readonly links?: Answer<readonly FoundLink[]>;
};

/** A client that answers from a script and notes what it was asked. */
function aClient(script: Script = {}) {
  const { recordings = notFound, works = notFound, ipi = {}, name = {}, links = notFound } = script;
  const { linked = notFound, byId = notFound } = script;
  const asked: string[] = [];
  const note = <Facts>(what: string, answer: Answer<Facts>): Promise<Answer<Facts>> => {
    asked.push(what);
    return Promise.resolve(answer);
  };
  const listed = <Facts>(facts: Facts | undefined): Answer<Facts> => (facts === undefined ? notFound : found(facts));
  const client: MusicBrainzClient = {
    recordingsByIsrc: (key) => note(`isrc ${key}`, recordings),
    recordingsByTrack: (key) => note(`track ${key}`, linked),
    recordingsById: (key) => note(`rid ${key}`, byId),
    worksByRecording: (key) => note(`work ${key}`, works),
    artistsByIpi: (key) => note(`ipi ${key}`, listed(ipi[key])),
    artistsByName: (key) => note(`name ${key}`, listed(name[key])),
    linksByArtist: (key) => note(`links ${key}`, links),
  };
  return { client, asked };
}

async function run(script: Script, event: TrackEvent, context = aContext(), force: { since: number } | null = null) {
  const { client, asked } = aClient(script);
  const stage = linksStage(client);
  const message = aMessage(event, { force: force && { phases: ['links'], ...force } });
  const [outcome] = await stage.handle([message], context);
  const after = outcome !== undefined && 'event' in outcome ? outcome.event : null;
  return { stage, message, outcome, asked, report: after?.reports.links, links: after?.sections.links };
}

const recording: FoundRecording = {
  id: 'rec',
  title: 'Song',
  lengthMs: 1,
  artists: [{ id: 'mb-cy', name: 'Cy' }],
};
const work: FoundWork = {
  id: 'w',
  title: 'Song',
  iswcs: ['T-1'],
  writers: [
    { id: 'mb-ann', name: 'Ann Bee', role: 'composer' },
    { id: 'mb-dee', name: 'Dee', role: 'lyricist' },
    { id: 'mb-pub', name: 'House', role: 'publishing' },
  ],
};
const links: readonly FoundLink[] = [
  { type: 'social network', url: 'https://www.instagram.com/ann' },
  { type: 'official homepage', url: 'https://ann.example/' },
];
const artist = (id: string, name: string, ipis: string[] = []): FoundArtist => ({ id, name, aliases: [], ipis });

const writer = (name: string, ...roles: ('writer' | 'composer' | 'lyricist' | 'producer')[]) => ({
  name,
  artistUri: null,
  roles: roles.map((role) => ({ given: role, group: null, role })),
});

/** An event of a track with these writers on the credits page, and these in the registered work. */
function anEvent(
  credited: ReturnType<typeof writer>[],
  { isrc = ISRC as string | null, registered = [] as { name: string; ipi: string | null }[] } = {},
): TrackEvent {
  const base = aTrackEvent({}, { isrc });
  const people = aPart({ contributors: credited, reading: 'json' as const }, { provider: 'web-player' });
  const mlcWork = aPart(
    {
      songCode: 'S',
      iswc: null,
      title: 'Song',
      writers: registered.map((one) => ({ ...one, id: null, roleCode: null })),
      publishers: [],
      otherSongCodes: [],
    },
    { provider: 'mlc', askedBy: `isrc:${isrc}` },
  );
  return {
    ...base,
    sections: {
      ...NO_SECTIONS,
      credits: { ...NO_SECTIONS.credits, people: credited.length > 0 ? people : null },
      publishing: { ...NO_SECTIONS.publishing, work: registered.length > 0 ? mlcWork : null },
    },
  };
}

const full: Script = { recordings: found([recording]), works: found([work]), links: found(links) };
const sure = [
  { kind: 'instagram', url: 'https://www.instagram.com/ann' },
  { kind: 'website', url: 'https://ann.example/' },
];

describe('the links phase', () => {
  it('writes the recording with its works, and the writers of the credits with their links', async () => {
    const result = await run(full, anEvent([writer('Ann Bee', 'composer'), writer('Pro', 'producer')]));
    expect(result.outcome?.kind).toBe('forward');
    expect(result.report).toEqual({ status: 'enriched', at: AT, code: null, attempts: 1, confirmedAt: null });
    expect(result.links).toEqual({
      recording: {
        provider: 'musicbrainz',
        fetchedAt: AT,
        askedBy: `isrc:${ISRC}`,
        value: {
          mbids: ['rec'],
          title: 'Song',
          works: [
            {
              mbid: 'w',
              title: 'Song',
              iswcs: ['T-1'],
              writers: [
                { mbid: 'mb-ann', name: 'Ann Bee', role: 'composer' },
                { mbid: 'mb-dee', name: 'Dee', role: 'lyricist' },
              ],
            },
          ],
          isrcs: [],
        },
      },
      writers: {
        provider: 'musicbrainz',
        fetchedAt: AT,
        askedBy: `isrc:${ISRC}`,
        value: {
          writers: [{ name: 'Ann Bee', mbid: 'mb-ann', ipi: null, matchedBy: 'work_relation', links: sure }],
        },
      },
    });
  });

  it('asks by the canonical ISRC however the producer wrote it', async () => {
    const { asked } = await run(full, anEvent([], { isrc: 'us-tst-26-00001' }));
    expect(asked[0]).toBe(`isrc ${ISRC}`);
  });

  it('climbs the ladder: work, then IPI, then the artist of the recording, then the name as a mere candidate', async () => {
    const event = anEvent([writer('Ann Bee', 'writer'), writer('Eve', 'writer'), writer('Cy', 'writer')], {
      registered: [{ name: 'EVE', ipi: '45620792' }],
    });
    const { links: after, asked } = await run(
      { ...full, ipi: { '00045620792': [artist('mb-eve', 'Eve', ['45620792'])] } },
      event,
    );
    expect(after?.writers?.value.writers.map(({ mbid, matchedBy }) => [mbid, matchedBy])).toEqual([
      ['mb-ann', 'work_relation'],
      ['mb-eve', 'ipi'],
      ['mb-cy', 'name_and_recording'],
    ]);
    expect(asked.filter((what) => what.startsWith('name'))).toEqual([]);
  });

  it('gives no links to a writer of whom only the name is known', async () => {
    const event = anEvent([writer('Flo', 'writer')], { isrc: null });
    const { links: after, asked } = await run({ ...full, name: { flo: [artist('mb-flo', 'Flo')] } }, event);
    expect(after?.writers?.value.writers).toEqual([
      { name: 'Flo', mbid: 'mb-flo', ipi: null, matchedBy: 'name', links: [] },
    ]);
    expect(after?.writers?.askedBy).toBe(`track:${trackId()}`);
    expect(asked).toEqual([`track ${trackId()}`, 'name flo']);
  });

  it('takes at most three writers, each once', async () => {
    const event = anEvent(['A', 'a', 'B', 'C', 'D'].map((name) => writer(name, 'writer')));
    const { links: after } = await run({ ...full, name: { a: [artist('x', 'A')] } }, event);
    expect(after?.writers?.value.writers.map(({ name }) => name)).toEqual(['A', 'B', 'C']);
  });

  it('takes the writers of the registered work when the credits name none', async () => {
    const event = anEvent([writer('Pro', 'producer')], { registered: [{ name: 'Dee', ipi: null }] });
    const { links: after } = await run(full, event);
    expect(after?.writers?.value.writers.map(({ name, mbid }) => [name, mbid])).toEqual([['Dee', 'mb-dee']]);
  });

  it('takes the writers that MusicBrainz itself names when nobody else does', async () => {
    const { links: after } = await run(full, anEvent([]));
    expect(after?.writers?.value.writers.map(({ name, matchedBy }) => [name, matchedBy])).toEqual([
      ['Ann Bee', 'work_relation'],
      ['Dee', 'work_relation'],
    ]);
  });

  it('does not use the IPI of two registered writers who share a name', async () => {
    const registered = [
      { name: 'Eve', ipi: '11111' },
      { name: 'Eve', ipi: '22222' },
    ];
    const { asked } = await run(full, anEvent([writer('Eve', 'writer')], { registered }));
    expect(asked.filter((what) => what.startsWith('ipi'))).toEqual([]);
  });

  it('does not use a registered work that was asked under an ISRC which the track no longer has', async () => {
    const event = anEvent([], { registered: [{ name: 'Wrong', ipi: null }] });
    const { links: after } = await run(full, { ...event, raw: { ...event.raw, isrc: 'USTST2600002' } });
    expect(after?.writers?.value.writers.map(({ name }) => name)).toEqual(['Ann Bee', 'Dee']);
  });
});

describe('a track without an ISRC', () => {
  const linkedTo: Script = {
    ...full,
    linked: found(['rec']),
    byId: found([{ ...recording, isrcs: [ISRC] }]),
    name: {},
  };
  const unknown = anEvent([writer('Ann Bee', 'composer')], { isrc: null });

  it('gets one by its Spotify link, with recording, works and writers that are certain', async () => {
    const { asked, links: section, outcome } = await run(linkedTo, unknown);
    expect(asked).toEqual([`track ${trackId()}`, 'rid rec', 'work rec', 'links mb-ann']);
    expect(section?.recording).toMatchObject({
      askedBy: `track:${trackId()}`,
      value: { mbids: ['rec'], isrcs: [ISRC] },
    });
    expect(section?.writers?.value.writers).toMatchObject([{ mbid: 'mb-ann', matchedBy: 'work_relation' }]);
    const event = outcome?.kind === 'forward' ? outcome.event : unknown;
    expect([resolveIsrc(event), summaryOf(event).isrc?.source]).toEqual([ISRC, 'links.recording']);
    expect((await run(linkedTo, event)).report?.status).toBe('known');
  });

  it('gets none where the link leads to recordings of several ISRCs', async () => {
    const byId = found([{ ...recording, isrcs: [ISRC, 'GBAYE0601498'] }]);
    const { outcome } = await run({ ...linkedTo, byId }, unknown);
    expect(outcome?.kind === 'forward' && resolveIsrc(outcome.event)).toBeNull();
  });

  it('is not asked by its link when Spotify gives an ISRC', async () => {
    expect((await run(linkedTo, anEvent([]))).asked).not.toContain(`track ${trackId()}`);
  });
});

describe('what the links phase reports when it has nothing', () => {
  it('is NEEDS_ISRC when neither ISRC nor writers are there, and no link of the track is known', async () => {
    const { report, asked } = await run({}, anEvent([], { isrc: null }));
    expect(report).toMatchObject({ status: 'not_yet', code: 'NEEDS_ISRC', attempts: 0 });
    expect(asked).toEqual([`track ${trackId()}`]);
  });

  it('is NEEDS_ISRC when the writers alone led nowhere', async () => {
    const { report } = await run({}, anEvent([writer('Flo', 'writer')], { isrc: null }));
    expect(report).toMatchObject({ status: 'not_yet', code: 'NEEDS_ISRC' });
  });

  it('is NEEDS_WRITERS when the ISRC led nowhere and the phases that name writers are in trouble', async () => {
    const event = anEvent([]);
    const failedReport = { status: 'failed' as const, at: AT, code: 'PROVIDER_DOWN', attempts: 1, confirmedAt: null };
    const reports = { ...event.reports, credits: failedReport, publishing: failedReport };
    const { report } = await run({}, { ...event, reports });
    expect(report).toMatchObject({ status: 'not_yet', code: 'NEEDS_WRITERS' });
  });

  it('is NO_MATCH when everything was asked', async () => {
    const event = anEvent([writer('Flo', 'writer')]);
    const { report, links: after } = await run({}, event);
    expect(report).toMatchObject({ status: 'not_found', code: 'NO_MATCH' });
    expect(after).toEqual(NO_SECTIONS.links);
  });

  it('is NO_MATCH when the other phases ended well and named nobody', async () => {
    const event = anEvent([]);
    const ended = (status: 'off' | 'not_found') => ({ status, at: AT, code: null, attempts: 0, confirmedAt: null });
    const { report } = await run(
      {},
      { ...event, reports: { ...event.reports, credits: ended('off'), publishing: ended('not_found') } },
    );
    expect(report).toMatchObject({ status: 'not_found', code: 'NO_MATCH' });
  });

  it('is off without a client', async () => {
    const [outcome] = await linksStage(null).handle([aMessage(anEvent([]))], aContext());
    expect(outcome?.kind === 'forward' && outcome.event.reports.links).toMatchObject({
      status: 'off',
      code: 'NOT_CONFIGURED',
    });
  });
});

describe('facts that are there already', () => {
  it('are known without a client too', async () => {
    const before = await enriched();
    const [outcome] = await linksStage(null).handle([aMessage(before)], aContext());
    expect(outcome?.kind === 'forward' && outcome.event.reports.links?.status).toBe('known');
  });

  const enriched = async (): Promise<TrackEvent> => {
    const { outcome } = await run(full, anEvent([writer('Ann Bee', 'composer')]));
    if (outcome?.kind !== 'forward') throw new Error('the event should have gone on');
    return outcome.event;
  };
  const later = aContext({ now: AT + 86_400_000 });

  it('and fresh are known, and nobody is asked', async () => {
    const { report, asked } = await run(full, await enriched(), later);
    expect(report).toMatchObject({ status: 'known', attempts: 0, at: later.now, confirmedAt: later.now });
    expect(asked).toEqual([]);
  });

  it('are asked again when they are older than thirty days', async () => {
    const { asked } = await run(full, await enriched(), aContext({ now: AT + 31 * 86_400_000 }));
    expect(asked[0]).toBe(`isrc ${ISRC}`);
  });

  it('are asked again when that is forced, but not those fetched since', async () => {
    const event = await enriched();
    expect((await run(full, event, later, { since: AT + 1 })).asked).not.toEqual([]);
    expect((await run(full, event, later, { since: AT })).report?.status).toBe('known');
  });

  it('are asked again when the ISRC was corrected; the new part wins although its answer is older', async () => {
    const event = await enriched();
    const corrected = { ...event, raw: { ...event.raw, isrc: 'USTST2600002' } };
    const fromLedger = { ...full, recordings: found([recording], AT - 5_000) };
    const { links: after } = await run(fromLedger, corrected, later);
    expect(after?.recording).toMatchObject({ askedBy: 'isrc:USTST2600002', fetchedAt: AT + 1 });
  });

  it('are asked again when the credits name other writers now', async () => {
    const event = await enriched();
    const { credits } = anEvent([writer('Dee', 'writer')]).sections;
    const { links: after } = await run(full, { ...event, sections: { ...event.sections, credits } }, later);
    expect(after?.writers?.value.writers.map(({ name }) => name)).toEqual(['Dee']);
  });

  it('stay when this time nothing is found', async () => {
    const event = await enriched();
    const { report, links: after } = await run({}, event, later, { since: AT + 1 });
    expect(report?.status).toBe('not_found');
    expect(after).toEqual(event.sections.links);
  });
});

describe('trouble on the way', () => {
  it('that may pass is tried again, and leaves the recording that was found when the engine gives up', async () => {
    const event = anEvent([writer('Ann Bee', 'composer')]);
    const { stage, message, outcome } = await run({ ...full, links: inTrouble('TIMEOUT') }, event);
    expect(outcome).toMatchObject({ kind: 'retry', failure: { code: 'TIMEOUT' } });
    if (outcome?.kind !== 'retry') return;
    const given = stage.giveUp(message, outcome.failure, aContext({ attempt: 5 }));
    expect(given.reports.links).toMatchObject({ status: 'failed', code: 'TIMEOUT', attempts: 5 });
    expect(given.sections.links.recording?.value.mbids).toEqual(['rec']);
    expect(given.sections.links.writers).toBeNull();
  });

  it('never hands a writer down to a less certain rung', async () => {
    const event = anEvent([writer('Cy', 'writer')]);
    const { outcome, asked } = await run({ ...full, works: inTrouble('PROVIDER_ERROR') }, event);
    expect(outcome?.kind).toBe('retry');
    expect(asked).toEqual([`isrc ${ISRC}`, 'work rec']);
  });

  it('of shape degrades at once, with what was learned', async () => {
    const event = anEvent([writer('Ann Bee', 'composer')]);
    const { outcome, report, links: after } = await run({ ...full, links: inTrouble('UNPARSEABLE') }, event);
    expect(outcome?.kind).toBe('degrade');
    expect(report).toMatchObject({ status: 'failed', code: 'UNPARSEABLE' });
    expect(after?.recording?.value.mbids).toEqual(['rec']);
  });
});
