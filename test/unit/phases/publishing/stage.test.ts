import { describe, expect, test } from 'vitest';
import { publishingStage } from '#phases/publishing/stage.ts';
import { PACE } from '#phases/shared/phase-stage.ts';
import type { Answer } from '#providers/answer.ts';
import type { MlcClient } from '#providers/mlc/client.ts';
import type { RecordingsFacts, WorkFacts } from '#providers/mlc/facts.ts';
import type { SongQuestion } from '#providers/mlc/song-question.ts';
import { failure } from '#stream/failure.ts';
import { type Outcome, retry } from '#stream/outcome.ts';
import { aContext, aMessage } from '#test/support/messages.ts';
import { aPublisher, aWork, aWriter } from '#test/support/mlc.ts';
import { fakeLookup } from '#test/support/providers.ts';
import { someCore } from '#test/support/spotify.ts';
import { AT, aPart, aTrackEvent } from '#test/support/tracks.ts';
import type { TrackEvent } from '#track/event.ts';
import { merge } from '#track/merge.ts';
import type { RawTrack } from '#track/raw.ts';
import { resolve } from '#track/resolve.ts';
import { NO_SECTIONS, type Sections } from '#track/sections/sections.ts';
import { stateOf } from '#track/state.ts';

const ISRC = 'USUM71900764';
const DAY = 86_400_000;
const found = <Facts>(facts: Facts): Answer<Facts> => ({ kind: 'found', facts, fetchedAt: AT });

const NOTHING = { kind: 'not_found', fetchedAt: AT } as const;

/** The MLC with these works under every ISRC, and those under every title. */
function mlc(matched: readonly WorkFacts[], listed: readonly WorkFacts[] = []) {
  const works = [...matched, ...listed];
  const recordings = fakeLookup<RecordingsFacts>(() =>
    matched.length === 0 ? NOTHING : found({ songCodes: matched.map(({ songCode }) => songCode) }),
  );
  const byCode = fakeLookup<WorkFacts>((code) => {
    const work = works.find(({ songCode }) => songCode === code);
    return work ? found(work) : NOTHING;
  });
  const questions: SongQuestion[] = [];
  const songs: MlcClient['songs'] = async (question) => {
    questions.push(question);
    return listed.length === 0 ? NOTHING : found({ songs: listed });
  };
  const client: MlcClient = { provider: 'mlc', recordings: recordings.lookup, works: byCode.lookup, songs };
  return { client, recordings, works: byCode, questions };
}

const run = async (client: MlcClient | null, event: TrackEvent) => {
  const [outcome] = await publishingStage(client, PACE).handle([aMessage(event)], aContext());
  return outcome;
};
const withIsrc = (sections: Partial<Sections> = {}, raw: Partial<RawTrack> = {}) =>
  aTrackEvent({ sections: { ...NO_SECTIONS, ...sections } }, { isrc: ISRC, name: 'Example Song', ...raw });
const reportOf = (outcome: Outcome<TrackEvent> | undefined) =>
  outcome && 'event' in outcome ? outcome.event.reports.publishing : outcome;
const sectionOf = (outcome: Outcome<TrackEvent> | undefined) =>
  outcome && 'event' in outcome ? outcome.event.sections.publishing : outcome;

const publishingOf = (outcome: Outcome<TrackEvent> | undefined) => {
  if (outcome === undefined || !('event' in outcome)) throw new Error('no event');
  return outcome.event.sections.publishing;
};

const aStatusPart = (askedBy: string, fetchedAt = AT - DAY) =>
  aPart(
    { status: 'signed' as const, writers: [], partial: false, adminOnly: false, evidence: ['earlier'], judgedWith: [] },
    { provider: 'mlc', askedBy, fetchedAt },
  );

const forced = (since: number) => ({ force: { phases: ['publishing' as const], since } });

const credited = (...names: readonly string[]): Sections['credits'] => ({
  ...NO_SECTIONS.credits,
  people: aPart({
    contributors: names.map((name) => ({
      name,
      artistUri: null,
      roles: [{ given: 'Writer', group: null, role: 'writer' as const }],
    })),
    reading: 'json' as const,
  }),
});

describe('the publishing phase', () => {
  test('writes work and status, both asked by ISRC', async () => {
    const { client, recordings, works } = mlc([aWork()]);
    const outcome = await run(client, withIsrc());
    const { akas: _, disputed: __, ...asRegistered } = aWork();
    const from = { provider: 'mlc', fetchedAt: AT, askedBy: `isrc:${ISRC}` };
    expect(sectionOf(outcome)).toMatchObject({
      work: { ...from, value: { ...asRegistered, otherSongCodes: [] } },
      status: { ...from, value: { status: 'signed' } },
    });
    expect(reportOf(outcome)).toEqual({ status: 'enriched', at: AT, code: null, attempts: 1, confirmedAt: null });
    expect([recordings.keys(), works.keys()]).toEqual([[ISRC], ['AB1234']]);
  });

  test("asks by Spotify's ISRC before the one that the scraper saw", async () => {
    const { client, recordings } = mlc([aWork()]);
    const spotify = { ...NO_SECTIONS.spotify, core: aPart({ ...someCore, isrc: 'GBAYE0601498' }) };
    await run(client, withIsrc({ spotify }));
    expect(recordings.keys()).toEqual(['GBAYE0601498']);
  });

  test('takes an ISRC with dashes', async () => {
    const { client, recordings } = mlc([aWork()]);
    await run(client, withIsrc({}, { isrc: 'us-um7-19-00764' }));
    expect(recordings.keys()).toEqual([ISRC]);
  });

  test.each([null, 'no isrc'])('without an ISRC (%j) asks nobody, says not_yet and claims no status', async (isrc) => {
    const { client, recordings } = mlc([aWork()]);
    const outcome = await run(client, withIsrc({}, { isrc }));
    expect([reportOf(outcome), sectionOf(outcome), recordings.keys()]).toMatchObject([
      { status: 'not_yet', code: 'NEEDS_ISRC', attempts: 0 },
      NO_SECTIONS.publishing,
      [],
    ]);
  });

  test.each(['recordings', 'works'] as const)('trouble with %s is no status', async (lookup) => {
    const down = failure('PROVIDER_DOWN', 'refused');
    const { client } = mlc([aWork()]);
    const stage = publishingStage({ ...client, [lookup]: async () => ({ kind: 'failed', failure: down }) }, PACE);
    const message = aMessage(withIsrc());
    expect(await stage.handle([message], aContext())).toEqual([retry(down)]);
    const given = stage.giveUp(message, down, aContext());
    expect([given.sections, given.reports.publishing]).toMatchObject([
      NO_SECTIONS,
      { status: 'failed', code: 'PROVIDER_DOWN' },
    ]);
  });

  test('of several works takes the one that shares a writer with the credits, and names the others', async () => {
    const stranger = aWork({ songCode: 'AA0000', writers: [aWriter('SOMEBODY ELSE')] });
    const { client } = mlc([stranger, aWork()]);
    expect(sectionOf(await run(client, withIsrc({ credits: credited('Ada Example') })))).toMatchObject({
      work: { value: { songCode: 'AB1234', otherSongCodes: ['AA0000'] } },
      status: { value: { status: 'signed' } },
    });
  });

  test('of several works takes the one with the title of the track', async () => {
    const { client } = mlc([aWork({ songCode: 'AA0000', title: 'OTHER SONG' }), aWork()]);
    const event = withIsrc({}, { name: 'Example Song - Live' });
    expect(sectionOf(await run(client, event))).toMatchObject({ work: { value: { songCode: 'AB1234' } } });
  });

  test('of two registrations of one song takes the complete one', async () => {
    const { client } = mlc([aWork({ songCode: 'AA0000', publishers: [] }), aWork()]);
    expect(sectionOf(await run(client, withIsrc()))).toMatchObject({ work: { value: { songCode: 'AB1234' } } });
  });

  test('of several works a stranger with the title stands behind a writer of the track without it', async () => {
    const stranger = aWork({ songCode: 'AA0000', writers: [aWriter('SOMEBODY ELSE')] });
    const { client } = mlc([stranger, aWork({ title: 'WORKING TITLE' })]);
    expect(sectionOf(await run(client, withIsrc({ credits: credited('Ada Example') })))).toMatchObject({
      work: { value: { songCode: 'AB1234' } },
    });
  });

  test('of several works by its writers takes the one with the title, then that with more of them', async () => {
    const names = ['ADA EXAMPLE', 'BO SAMPLE'].map((name) => aWriter(name));
    const { client } = mlc([
      aWork({ songCode: 'AA0000', title: 'OTHER SONG', writers: names }),
      aWork({ songCode: 'AA0001' }),
      aWork({ songCode: 'AA0002', writers: names }),
    ]);
    expect(sectionOf(await run(client, withIsrc({ credits: credited('Ada Example', 'Bo Sample') })))).toMatchObject({
      work: { value: { songCode: 'AA0002', otherSongCodes: ['AA0001', 'AA0000'] } },
    });
  });

  test('a disputed registration does not outrank a whole one for its greater sum', async () => {
    const { client } = mlc([aWork({ songCode: 'ZZ0000', publishers: [aPublisher('Big', 150)] }), aWork()]);
    expect(sectionOf(await run(client, withIsrc()))).toMatchObject({ work: { value: { songCode: 'AB1234' } } });
  });

  test('says ambiguous when no credited writer wrote the work', async () => {
    const { client } = mlc([aWork()]);
    expect(sectionOf(await run(client, withIsrc({ credits: credited('Noah Sample') })))).toMatchObject({
      status: { value: { status: 'ambiguous' } },
    });
  });
});

describe('title and writers, when the ISRC finds nothing', () => {
  const credits = credited('Ada Example', 'Bo Sample');
  const byAda = (over: Partial<WorkFacts> = {}) => aWork({ writers: [aWriter('EXAMPLE ADA')], ...over });

  test('are asked with the title as works are registered, and the work says how it was found', async () => {
    const { client, questions } = mlc([], [byAda()]);
    const outcome = await run(client, withIsrc({ credits }, { name: 'Example Song (feat. Bo) - Live' }));
    expect(questions).toEqual([
      {
        title: 'Example Song',
        writers: [
          { name: 'Ada Example', ipi: null },
          { name: 'Bo Sample', ipi: null },
        ],
      },
    ]);
    expect([reportOf(outcome), sectionOf(outcome)]).toMatchObject([
      { status: 'enriched', attempts: 1 },
      {
        work: { askedBy: `isrc:${ISRC}`, value: { songCode: 'AB1234' } },
        status: { askedBy: `isrc:${ISRC}`, value: { status: 'signed' } },
      },
    ]);
    expect(sectionOf(outcome)).toHaveProperty(
      'status.value.evidence.0',
      'Found by title and writers: no recording of this ISRC is matched to a work.',
    );
  });

  test('are not asked when the ISRC finds a work, even one of strangers', async () => {
    const { client, questions } = mlc([aWork({ writers: [aWriter('SOMEBODY ELSE')] })], [byAda()]);
    expect(sectionOf(await run(client, withIsrc({ credits })))).toMatchObject({
      status: { value: { status: 'ambiguous' } },
    });
    expect(questions).toEqual([]);
  });

  test.each([
    ['the title with another writer', byAda({ writers: [aWriter('SOMEBODY ELSE')] })],
    ['a writer with another title', byAda({ title: 'OTHER SONG' })],
    ['a part of the title', byAda({ title: 'EXAMPLE' })],
  ])('%s is no evidence: unregistered', async (_, listed) => {
    const { client } = mlc([], [listed]);
    const outcome = await run(client, withIsrc({ credits: credited('Ada Example', 'Bo Sample', 'Cy Third') }));
    expect([reportOf(outcome), sectionOf(outcome)]).toMatchObject([
      { status: 'not_found', code: 'NO_MATCH' },
      { work: null, status: { value: { status: 'unregistered' } } },
    ]);
  });

  test.each([
    ['the title in other letters', byAda({ title: 'EXAMPLE  SONG!' })],
    ['an alternative title', byAda({ title: 'BEISPIEL', akas: ['Example Song'] })],
    ['nearly the title and every writer of the work', byAda({ title: 'EXAMPLE SONGS' })],
  ])('%s with a writer is evidence', async (_, listed) => {
    const { client } = mlc([], [listed]);
    expect(sectionOf(await run(client, withIsrc({ credits })))).toMatchObject({
      work: { value: { songCode: 'AB1234' } },
    });
  });

  test('a work on which most writers are others may be another song of this title: ambiguous', async () => {
    const others = ['EXAMPLE ADA', 'C C', 'D D', 'E E'].map((name) => aWriter(name));
    const { client } = mlc([], [byAda({ writers: others })]);
    const section = sectionOf(await run(client, withIsrc({ credits })));
    expect(section).toMatchObject({
      work: { value: { songCode: 'AB1234' } },
      status: { value: { status: 'ambiguous' } },
    });
  });

  test('two works of one team are one song registered twice: the complete one is taken, the other named', async () => {
    const { client } = mlc([], [byAda({ songCode: 'AA0000', publishers: [] }), byAda()]);
    expect(sectionOf(await run(client, withIsrc({ credits })))).toMatchObject({
      work: { value: { songCode: 'AB1234', otherSongCodes: ['AA0000'] } },
      status: { value: { status: 'signed' } },
    });
  });

  test('two works of different teams that match as well as each other are ambiguous', async () => {
    const team = (other: string) => ['ADA EXAMPLE', other].map((name) => aWriter(name));
    const { client } = mlc([], [aWork({ songCode: 'AA0000', writers: team('C C') }), aWork({ writers: team('D D') })]);
    expect(sectionOf(await run(client, withIsrc({ credits: credited('Ada Example') })))).toMatchObject({
      work: { value: { songCode: 'AA0000', otherSongCodes: ['AB1234'] } },
      status: { value: { status: 'ambiguous' } },
    });
  });

  test('come from links or analytics while no page credits anybody', async () => {
    const listed = { score: null, trackStage: null, careerHealth: null, genres: [], moods: [], activities: [] };
    const profile = aPart(
      { ...listed, songwriters: ['Ada Example'], label: null, releaseDate: null },
      { askedBy: `isrc:${ISRC}` },
    );
    const writers = [{ mbid: 'm', name: 'Bo Sample', role: 'composer' }];
    const works = [{ mbid: 'w', title: 'Example Song', iswcs: [], writers }];
    const recording = aPart({ mbids: [], title: null, works, isrcs: [] }, { askedBy: `isrc:${ISRC}` });
    const analytics = { ...NO_SECTIONS.analytics, profile };
    const { client, questions } = mlc([]);
    await run(client, withIsrc({ analytics }));
    await run(client, withIsrc({ analytics, links: { ...NO_SECTIONS.links, recording } }));
    await run(client, withIsrc({ analytics: { ...analytics, profile: { ...profile, askedBy: 'isrc:GBAYE0601498' } } }));
    expect(questions.map((question) => question.writers.map(({ name }) => name))).toEqual([
      ['Ada Example'],
      ['Bo Sample'],
    ]);
  });

  test('unregistered is said only when both were answered with nothing', async () => {
    const { client } = mlc([]);
    const outcome = await run(client, withIsrc({ credits }));
    expect([reportOf(outcome), sectionOf(outcome)]).toMatchObject([
      { status: 'not_found', code: 'NO_MATCH', attempts: 1 },
      {
        work: null,
        status: { askedBy: `isrc:${ISRC}`, fetchedAt: AT, value: { status: 'unregistered', writers: [] } },
      },
    ]);
  });

  test('a recording that is matched to no song counts as nothing found', async () => {
    const { client } = mlc([]);
    const outcome = await run({ ...client, recordings: async () => found({ songCodes: [] }) }, withIsrc({ credits }));
    expect(sectionOf(outcome)).toMatchObject({ status: { value: { status: 'unregistered' } } });
  });

  test.each([
    ['writers', withIsrc(), 'not_yet', 'NEEDS_WRITERS'],
    ['a title', withIsrc({ credits }, { name: null }), 'not_found', 'NO_MATCH'],
  ])('without %s are not asked, and no status is claimed', async (_, event, status, code) => {
    const { client, questions } = mlc([]);
    const outcome = await run(client, event);
    expect([reportOf(outcome), sectionOf(outcome), questions]).toMatchObject([
      { status, code },
      NO_SECTIONS.publishing,
      [],
    ]);
  });

  test('trouble with the song search is no status', async () => {
    const down = failure('PROVIDER_DOWN', 'refused');
    const { client } = mlc([]);
    const stage = publishingStage({ ...client, songs: async () => ({ kind: 'failed', failure: down }) }, PACE);
    const message = aMessage(withIsrc({ credits }));
    expect(await stage.handle([message], aContext())).toEqual([retry(down)]);
    expect(stage.giveUp(message, down, aContext()).sections.publishing).toEqual(NO_SECTIONS.publishing);
  });
});

describe('title and writers, without an ISRC', () => {
  const bare = (sections: Partial<Sections> = {}) =>
    withIsrc({ credits: credited('Ada Example'), ...sections }, { isrc: null });

  test('find the work, which answers for the track until an ISRC is known', async () => {
    const { client, recordings } = mlc([], [aWork()]);
    const outcome = await run(client, bare());
    const askedBy = `track:${bare().trackId}`;
    expect([reportOf(outcome), sectionOf(outcome), recordings.keys()]).toMatchObject([
      { status: 'enriched' },
      { work: { askedBy }, status: { askedBy, value: { status: 'signed' } } },
      [],
    ]);
    const again = outcome && 'event' in outcome ? outcome.event : bare();
    expect(reportOf(await run(client, again))).toMatchObject({ status: 'known' });
    const withKey = { ...again, raw: { ...again.raw, isrc: ISRC } };
    await run(client, withKey);
    expect(recordings.keys()).toEqual([ISRC]);
  });

  test('find nothing: that is not unregistered, for one way was not asked', async () => {
    const { client, questions } = mlc([]);
    const outcome = await run(client, bare());
    expect([reportOf(outcome), sectionOf(outcome), questions.length]).toMatchObject([
      { status: 'not_yet', code: 'NEEDS_ISRC' },
      NO_SECTIONS.publishing,
      1,
    ]);
  });
});

describe('a work of an earlier answer', () => {
  test('is not effective while a later answer says unregistered, in whatever order both are merged', async () => {
    const credits = credited('Ada Example');
    const [before] = await publishingStage(mlc([aWork()]).client, PACE).handle(
      [aMessage(withIsrc({ credits }))],
      aContext(),
    );
    if (before?.kind !== 'forward') throw new Error('not forwarded');
    const [after] = await publishingStage(mlc([]).client, PACE).handle(
      [aMessage(before.event, forced(AT + DAY))],
      aContext({ now: AT + DAY }),
    );
    if (after?.kind !== 'forward') throw new Error('not forwarded');
    const [one, other] = [stateOf(before.event), stateOf(after.event)];
    for (const state of [merge(one, other), merge(other, one)]) {
      const { publishers, iswc, publisherStatus } = resolve(state);
      expect([publishers, iswc, publisherStatus?.value]).toEqual([null, null, 'unregistered']);
      expect(state.sections.publishing.work?.value.songCode).toBe('AB1234');
    }
    const [found] = await publishingStage(mlc([aWork({ iswc: 'T-000.000.001-0' })]).client, PACE).handle(
      [aMessage(after.event, forced(AT + 2 * DAY))],
      aContext({ now: AT + 2 * DAY }),
    );
    if (found?.kind !== 'forward') throw new Error('not forwarded');
    const { iswc, publisherStatus } = resolve(merge(merge(one, other), stateOf(found.event)));
    expect([iswc?.value, publisherStatus?.value]).toEqual(['T-000.000.001-0', 'signed']);
  });

  test('and its status bear one moment, so that they stay together', async () => {
    const { client } = mlc([aWork({ iswc: null })]);
    const work = aPart(
      { ...aWork(), otherSongCodes: [] },
      { provider: 'mlc', askedBy: `isrc:${ISRC}`, fetchedAt: AT + 9 },
    );
    const publishing = { work, status: aStatusPart('isrc:GBAYE0601498', AT + 3) };
    const section = sectionOf(await run(client, withIsrc({ publishing })));
    expect(section).toMatchObject({ work: { fetchedAt: AT + 10 }, status: { fetchedAt: AT + 10 } });
  });
});

describe('a status that is there', () => {
  const publishing = (askedBy: string, fetchedAt?: number) => ({
    publishing: { work: null, status: aStatusPart(askedBy, fetchedAt) },
  });

  test('and fresh is known', async () => {
    const { client, recordings } = mlc([aWork()]);
    const outcome = await run(client, withIsrc(publishing(`isrc:${ISRC}`)));
    expect([reportOf(outcome), recordings.keys()]).toMatchObject([
      { status: 'known', attempts: 0, confirmedAt: AT },
      [],
    ]);
  });

  test('but older than a week is asked again', async () => {
    const { client } = mlc([aWork()]);
    const outcome = await run(client, withIsrc(publishing(`isrc:${ISRC}`, AT - 8 * DAY)));
    expect([reportOf(outcome), sectionOf(outcome)]).toMatchObject([
      { status: 'enriched' },
      { status: { fetchedAt: AT } },
    ]);
  });

  test('but was asked by an ISRC that was corrected is replaced, also by an older answer of the ledger', async () => {
    const { client } = mlc([aWork({ publishers: [aPublisher('Ada Example Music', 100)] })]);
    const outcome = await run(client, withIsrc(publishing('isrc:GBAYE0601498', AT + 5)));
    expect(sectionOf(outcome)).toMatchObject({
      status: { askedBy: `isrc:${ISRC}`, fetchedAt: AT + 6, value: { status: 'self_published' } },
    });
  });

  test('is judged again when writers become known, from the stored answers: the work of a namesake becomes ambiguous', async () => {
    const { client, recordings } = mlc([aWork({ writers: [aWriter('BO SAMPLE')] })]);
    const sections = publishing(`isrc:${ISRC}`);
    expect(reportOf(await run(client, withIsrc(sections)))).toMatchObject({ status: 'known' });
    const outcome = await run(client, withIsrc({ ...sections, credits: credited('Ada Example') }));
    expect([reportOf(outcome), sectionOf(outcome)]).toMatchObject([
      { status: 'enriched' },
      { status: { value: { status: 'ambiguous', judgedWith: ['Ada Example'] } } },
    ]);
    const again = await run(client, withIsrc({ publishing: publishingOf(outcome), credits: credited('ADA EXAMPLE') }));
    expect([reportOf(again), recordings.keys()]).toMatchObject([{ status: 'known' }, [ISRC]]);
  });

  test('is judged again when writers are corrected, but never without a client', async () => {
    const { client } = mlc([aWork()]);
    const first = publishingOf(await run(client, withIsrc({ credits: credited('Bo Sample') })));
    const event = withIsrc({ publishing: first, credits: credited('Ada Example') });
    expect(sectionOf(await run(client, event))).toMatchObject({ status: { value: { status: 'signed' } } });
    expect(reportOf(await run(null, event))).toMatchObject({ status: 'known' });
  });

  test('is known without a client too; the rest is off', async () => {
    expect(reportOf(await run(null, withIsrc(publishing(`isrc:${ISRC}`))))).toMatchObject({ status: 'known' });
    expect(reportOf(await run(null, withIsrc()))).toMatchObject({ status: 'off', code: 'NOT_CONFIGURED' });
  });
});
