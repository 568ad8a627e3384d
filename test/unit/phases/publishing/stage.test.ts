import { describe, expect, test } from 'vitest';
import { publishingStage } from '#phases/publishing/stage.ts';
import { PACE } from '#phases/shared/phase-stage.ts';
import type { Answer } from '#providers/answer.ts';
import type { MlcClient } from '#providers/mlc/client.ts';
import type { WorkFacts } from '#providers/mlc/facts.ts';
import { failure } from '#stream/failure.ts';
import { type Outcome, retry } from '#stream/outcome.ts';
import { aContext, aMessage } from '#test/support/messages.ts';
import { aPublisher, aWork, aWriter } from '#test/support/mlc.ts';
import { fakeLookup } from '#test/support/providers.ts';
import { someCore } from '#test/support/spotify.ts';
import { AT, aPart, aTrackEvent } from '#test/support/tracks.ts';
import type { TrackEvent } from '#track/event.ts';
import type { RawTrack } from '#track/raw.ts';
import { NO_SECTIONS, type Sections } from '#track/sections/sections.ts';

const ISRC = 'USUM71900764';
const DAY = 86_400_000;
const found = <Facts>(facts: Facts): Answer<Facts> => ({ kind: 'found', facts, fetchedAt: AT });

/** The MLC with these works under every ISRC. */
function mlc(...works: readonly WorkFacts[]) {
  const recordings = fakeLookup(() => found({ songCodes: works.map(({ songCode }) => songCode) }));
  const byCode = fakeLookup<WorkFacts>((code) => {
    const work = works.find(({ songCode }) => songCode === code);
    return work ? found(work) : { kind: 'not_found', fetchedAt: AT };
  });
  const client: MlcClient = { recordings: recordings.lookup, works: byCode.lookup };
  return { client, recordings, works: byCode };
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

const aStatusPart = (askedBy: string, fetchedAt = AT - DAY) =>
  aPart(
    { status: 'signed' as const, writers: [], partial: false, adminOnly: false, evidence: ['earlier'] },
    { provider: 'mlc', askedBy, fetchedAt },
  );

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
    const { client, recordings, works } = mlc(aWork());
    const outcome = await run(client, withIsrc());
    const from = { provider: 'mlc', fetchedAt: AT, askedBy: `isrc:${ISRC}` };
    expect(sectionOf(outcome)).toMatchObject({
      work: { ...from, value: { ...aWork(), otherSongCodes: [] } },
      status: { ...from, value: { status: 'signed' } },
    });
    expect(reportOf(outcome)).toEqual({ status: 'enriched', at: AT, code: null, attempts: 1, confirmedAt: null });
    expect([recordings.keys(), works.keys()]).toEqual([[ISRC], ['AB1234']]);
  });

  test("asks by Spotify's ISRC before the one that the scraper saw", async () => {
    const { client, recordings } = mlc(aWork());
    const spotify = { ...NO_SECTIONS.spotify, core: aPart({ ...someCore, isrc: 'GBAYE0601498' }) };
    await run(client, withIsrc({ spotify }));
    expect(recordings.keys()).toEqual(['GBAYE0601498']);
  });

  test('takes an ISRC with dashes', async () => {
    const { client, recordings } = mlc(aWork());
    await run(client, withIsrc({}, { isrc: 'us-um7-19-00764' }));
    expect(recordings.keys()).toEqual([ISRC]);
  });

  test.each([null, 'no isrc'])('without an ISRC (%j) asks nobody, says not_yet and claims no status', async (isrc) => {
    const { client, recordings } = mlc(aWork());
    const outcome = await run(client, withIsrc({}, { isrc }));
    expect([reportOf(outcome), sectionOf(outcome), recordings.keys()]).toMatchObject([
      { status: 'not_yet', code: 'NEEDS_ISRC', attempts: 0 },
      NO_SECTIONS.publishing,
      [],
    ]);
  });

  test.each([
    ['no recording of the ISRC', { kind: 'not_found', fetchedAt: AT } as const],
    ['a recording without a song', found({ songCodes: [] })],
  ])('%s: report not_found, status unregistered with its evidence', async (_, answer) => {
    const { client } = mlc();
    const outcome = await run({ ...client, recordings: async () => answer }, withIsrc());
    expect([reportOf(outcome), sectionOf(outcome)]).toMatchObject([
      { status: 'not_found', code: 'NO_MATCH', attempts: 1 },
      { work: null, status: { askedBy: `isrc:${ISRC}`, fetchedAt: AT, value: { status: 'unregistered' } } },
    ]);
  });

  test.each(['recordings', 'works'] as const)('trouble with %s is no status', async (lookup) => {
    const down = failure('PROVIDER_DOWN', 'refused');
    const { client } = mlc(aWork());
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
    const { client } = mlc(stranger, aWork());
    expect(sectionOf(await run(client, withIsrc({ credits: credited('Ada Example') })))).toMatchObject({
      work: { value: { songCode: 'AB1234', otherSongCodes: ['AA0000'] } },
      status: { value: { status: 'signed' } },
    });
  });

  test('of several works takes the one with the title of the track', async () => {
    const { client } = mlc(aWork({ songCode: 'AA0000', title: 'OTHER SONG' }), aWork());
    const event = withIsrc({}, { name: 'Example Song - Live' });
    expect(sectionOf(await run(client, event))).toMatchObject({ work: { value: { songCode: 'AB1234' } } });
  });

  test('of two registrations of one song takes the complete one', async () => {
    const { client } = mlc(aWork({ songCode: 'AA0000', publishers: [] }), aWork());
    expect(sectionOf(await run(client, withIsrc()))).toMatchObject({ work: { value: { songCode: 'AB1234' } } });
  });

  test('says ambiguous when no credited writer wrote the work', async () => {
    const { client } = mlc(aWork());
    expect(sectionOf(await run(client, withIsrc({ credits: credited('Noah Sample') })))).toMatchObject({
      status: { value: { status: 'ambiguous' } },
    });
  });
});

describe('a status that is there', () => {
  const publishing = (askedBy: string, fetchedAt?: number) => ({
    publishing: { work: null, status: aStatusPart(askedBy, fetchedAt) },
  });

  test('and fresh is known', async () => {
    const { client, recordings } = mlc(aWork());
    const outcome = await run(client, withIsrc(publishing(`isrc:${ISRC}`)));
    expect([reportOf(outcome), recordings.keys()]).toMatchObject([
      { status: 'known', attempts: 0, confirmedAt: AT },
      [],
    ]);
  });

  test('but older than a week is asked again', async () => {
    const { client } = mlc(aWork());
    const outcome = await run(client, withIsrc(publishing(`isrc:${ISRC}`, AT - 8 * DAY)));
    expect([reportOf(outcome), sectionOf(outcome)]).toMatchObject([
      { status: 'enriched' },
      { status: { fetchedAt: AT } },
    ]);
  });

  test('but was asked by an ISRC that was corrected is replaced, also by an older answer of the ledger', async () => {
    const { client } = mlc(aWork({ publishers: [aPublisher('Ada Example Music', 100)] }));
    const outcome = await run(client, withIsrc(publishing('isrc:GBAYE0601498', AT + 5)));
    expect(sectionOf(outcome)).toMatchObject({
      status: { askedBy: `isrc:${ISRC}`, fetchedAt: AT + 6, value: { status: 'self_published' } },
    });
  });

  test('is known without a client too; the rest is off', async () => {
    expect(reportOf(await run(null, withIsrc(publishing(`isrc:${ISRC}`))))).toMatchObject({ status: 'known' });
    expect(reportOf(await run(null, withIsrc()))).toMatchObject({ status: 'off', code: 'NOT_CONFIGURED' });
  });
});
