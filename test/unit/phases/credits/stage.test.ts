import { describe, expect, test } from 'vitest';
import { creditsStage } from '#phases/credits/stage.ts';
import { PACE } from '#phases/shared/phase-stage.ts';
import type { Answer } from '#providers/answer.ts';
import type { WebPlayerClient } from '#providers/web-player/client.ts';
import type { CreditsFacts, StreamsFacts } from '#providers/web-player/facts.ts';
import { failure } from '#stream/failure.ts';
import type { Envelope } from '#stream/message.ts';
import type { Outcome } from '#stream/outcome.ts';
import { aContext, aMessage } from '#test/support/messages.ts';
import { found, inTrouble, notFound } from '#test/support/provider-world.ts';
import { fakeLookup } from '#test/support/providers.ts';
import { AT, aPart, aTrackEvent, trackId } from '#test/support/tracks.ts';
import type { TrackEvent } from '#track/event.ts';
import type { CreditsSection } from '#track/sections/credits.ts';
import { NO_SECTIONS } from '#track/sections/sections.ts';

const DAY = 86_400_000;
const ada = {
  name: 'Ada Example',
  artistUri: null,
  roles: [{ given: 'Composer', group: 'Composition & Lyrics', role: 'composer' as const }],
};
const someCredits: CreditsFacts = {
  people: { contributors: [ada], reading: 'json' },
  source: { names: ['Example Records'] },
};
const nobody: CreditsFacts = { people: { contributors: [], reading: 'json' }, source: { names: [] } };
const part = <Value>(value: Value, fetchedAt = AT) => aPart(value, { provider: 'web-player', fetchedAt });
const whole: CreditsSection = {
  people: part(someCredits.people),
  source: part(someCredits.source),
  streams: part({ playCount: 7 }),
  baseline: null,
};

/** What the phase made of an event, and whom it asked. */
async function run(
  answers: { credits?: Answer<CreditsFacts>; streams?: Answer<StreamsFacts> },
  known: Partial<CreditsSection> = {},
  { force = null, on = true }: { force?: Envelope['force']; on?: boolean } = {},
) {
  const credits = fakeLookup(() => answers.credits ?? found(someCredits));
  const streams = fakeLookup(() => answers.streams ?? found({ playCount: 7 }));
  const client: WebPlayerClient | null = on ? { credits: credits.lookup, streams: streams.lookup } : null;
  const sections = { ...NO_SECTIONS, credits: { ...NO_SECTIONS.credits, ...known } };
  const message = aMessage(aTrackEvent({ sections }), { force });
  const stage = creditsStage(client, PACE);
  const [outcome] = await stage.handle([message], aContext());
  const last = (): TrackEvent => stage.giveUp(message, failure('TIMEOUT', 'no more'), aContext({ attempt: 5 }));
  return { outcome, last, asked: { credits: credits.asked.length, streams: streams.asked.length } };
}

const eventOf = (outcome: Outcome<TrackEvent> | undefined) =>
  outcome !== undefined && 'event' in outcome ? outcome.event : null;
const reportOf = (outcome: Outcome<TrackEvent> | undefined) => {
  const report = eventOf(outcome)?.reports.credits;
  return report && { status: report.status, code: report.code };
};

describe('the credits phase', () => {
  test('writes people, source and count, each as a part of its own', async () => {
    const { outcome } = await run({});
    expect(eventOf(outcome)?.sections.credits).toEqual(whole);
    expect(eventOf(outcome)?.reports.credits).toEqual({
      status: 'enriched',
      code: null,
      attempts: 1,
      at: AT,
      confirmedAt: null,
    });
  });

  test('reads no page when people and count are fresh', async () => {
    const { outcome, asked } = await run({}, whole);
    expect(reportOf(outcome)).toEqual({ status: 'known', code: null });
    expect(asked).toEqual({ credits: 0, streams: 0 });
  });

  test.each<[string, Partial<CreditsSection>, { credits: number; streams: number }]>([
    ['a count a day old', { ...whole, streams: part({ playCount: 6 }, AT - DAY - 1) }, { credits: 0, streams: 1 }],
    [
      'people 90 days old',
      { ...whole, people: part(someCredits.people, AT - 90 * DAY - 1) },
      { credits: 1, streams: 0 },
    ],
    ['no people', { ...whole, people: null }, { credits: 1, streams: 0 }],
    [
      'people of another track',
      { ...whole, people: { ...part(someCredits.people), askedBy: `track:${trackId(2)}` } },
      { credits: 1, streams: 0 },
    ],
    ['a page without source', { ...whole, source: null }, { credits: 0, streams: 0 }],
  ])('asks for no more than is lacking: %s', async (_, known, due) => {
    expect((await run({}, known)).asked).toEqual(due);
  });

  test('asks for everything again when forced', async () => {
    const { asked } = await run({}, whole, { force: { phases: ['credits'], since: AT + 1 } });
    expect(asked).toEqual({ credits: 1, streams: 1 });
  });

  test('a page that credits nobody is "not found", leaves the people as they were and writes the count', async () => {
    const before = part(someCredits.people, AT - 91 * DAY);
    const { outcome } = await run({ credits: found(nobody) }, { people: before });
    expect(reportOf(outcome)).toEqual({ status: 'not_found', code: 'NO_CREDITS' });
    expect(eventOf(outcome)?.sections.credits).toEqual({
      people: before,
      source: null,
      streams: whole.streams,
      baseline: null,
    });
  });

  test('a page without count leaves the count as it was, and the rest is enriched', async () => {
    const { outcome } = await run({ streams: found({ playCount: null }) });
    expect(reportOf(outcome)).toEqual({ status: 'enriched', code: null });
    expect(eventOf(outcome)?.sections.credits).toEqual({ ...whole, streams: null });
  });

  test('a track that is nowhere is asked for once', async () => {
    const { outcome, asked } = await run({ credits: notFound });
    expect(reportOf(outcome)).toEqual({ status: 'not_found', code: 'NO_MATCH' });
    expect(asked).toEqual({ credits: 1, streams: 0 });
  });

  test('a restricted track says so', async () => {
    const { outcome } = await run({ credits: { kind: 'restricted', fetchedAt: AT } });
    expect(reportOf(outcome)).toEqual({ status: 'restricted', code: 'REGION' });
  });

  test('trouble that may pass is tried again, without a second page for the count', async () => {
    const { outcome, asked, last } = await run({ credits: inTrouble('BROWSER') });
    expect(outcome).toMatchObject({ kind: 'retry', failure: { code: 'BROWSER' } });
    expect(asked).toEqual({ credits: 1, streams: 0 });
    expect(last().reports.credits).toMatchObject({ status: 'failed', code: 'TIMEOUT', attempts: 5 });
  });

  test('a page that is not understood degrades, with the count that it showed', async () => {
    const { outcome } = await run({ credits: inTrouble('UNPARSEABLE') });
    expect(outcome?.kind).toBe('degrade');
    expect(reportOf(outcome)).toEqual({ status: 'failed', code: 'UNPARSEABLE' });
    expect(eventOf(outcome)?.sections.credits).toEqual({
      people: null,
      source: null,
      streams: whole.streams,
      baseline: null,
    });
  });

  test('a count in trouble does not cost the credits', async () => {
    const { last } = await run({ streams: inTrouble('TIMEOUT') });
    expect(last().sections.credits).toEqual({ ...whole, streams: null });
  });

  test.each([
    ['known when all is fresh', whole, { status: 'known', code: null }],
    ['off when not', {}, { status: 'off', code: 'NOT_CONFIGURED' }],
  ])('where pages are not read it is %s', async (_, known, due) => {
    expect(reportOf((await run({}, known, { on: false })).outcome)).toEqual(due);
  });

  test('commits after four pages, but tracks that need none do not count', async () => {
    const client = { credits: fakeLookup(() => notFound).lookup, streams: fakeLookup(() => notFound).lookup };
    const { dear } = creditsStage(client, PACE);
    const all = aMessage(aTrackEvent({ sections: { ...NO_SECTIONS, credits: whole } }));
    const forced = aMessage(all.event, { force: { phases: ['credits'], since: AT + 1 } });
    expect(dear?.most).toBe(4);
    expect([aMessage(aTrackEvent()), all, forced].map((message) => dear?.is(message, AT))).toEqual([true, false, true]);
    expect(dear?.is(all, AT + 400 * DAY)).toBe(true);
  });

  test('where pages are not read no track is dear', () => {
    expect(creditsStage(null, PACE).dear).toBeUndefined();
  });
});
