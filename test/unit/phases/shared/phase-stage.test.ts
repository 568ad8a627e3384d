import { describe, expect, test } from 'vitest';
import { type Enriched, endingOf } from '#phases/shared/ending.ts';
import { asItIs, PACE, type Phase, phaseStage } from '#phases/shared/phase-stage.ts';
import type { Answer } from '#providers/answer.ts';
import { type FailureCode, failure } from '#stream/failure.ts';
import { degrade, forward, forwardUnasked, retry } from '#stream/outcome.ts';
import { aContext, aMessage } from '#test/support/messages.ts';
import { AT, aPart, aTrackEvent } from '#test/support/tracks.ts';
import { type TrackEvent, trackEvent } from '#track/event.ts';

const stageOf = (enrich: Phase<TrackEvent>['enrich']) =>
  phaseStage<TrackEvent>({
    name: 'publishing',
    input: trackEvent,
    pace: PACE,
    begin: (event) => ({ ok: true, value: event }),
    enrich,
    finish: asItIs,
  });

const event = aTrackEvent();
const learned: TrackEvent['sections'] = {
  ...event.sections,
  spotify: { ...event.sections.spotify, popularity: aPart({ popularity: 7 }) },
};

const withReport = (sections: TrackEvent['sections'], report: Partial<TrackEvent['reports']['publishing']>) => ({
  ...event,
  sections,
  reports: {
    ...event.reports,
    publishing: { status: 'enriched', at: AT, code: null, attempts: 1, confirmedAt: null, ...report },
  },
});

const trouble = (code: FailureCode): Enriched => ({ sections: learned, failure: failure(code, 'trouble') });

describe('a phase as a stage', () => {
  test('stands in the chain where the topology says', () => {
    expect(stageOf(() => trouble('BUG'))).toMatchObject({
      name: 'publishing',
      group: 'tracks.publishing',
      from: 'tracks.credited',
      to: 'tracks.publishing-checked',
      toReplay: 'tracks.links.replay',
    });
  });

  test('forwards what was learned with a report', async () => {
    const stage = stageOf(() => ({ sections: learned, ending: { status: 'enriched', code: null } }));
    const outcomes = await stage.handle([aMessage(event)], aContext({ attempt: 3 }));
    expect(outcomes).toEqual([forward(withReport(learned, { attempts: 3 }))]);
  });

  test.each(['known', 'off', 'not_yet'] as const)('counts no attempt for %s', async (status) => {
    const stage = stageOf(() => ({ sections: event.sections, ending: { status, code: null } }));
    const [outcome] = await stage.handle([aMessage(event)], aContext());
    const confirmedAt = status === 'known' ? AT : null;
    expect(outcome).toEqual(forwardUnasked(withReport(event.sections, { status, attempts: 0, confirmedAt })));
  });

  test.each([
    'PROVIDER_ERROR',
    'TIMEOUT',
    'CONNECTION',
    'RATE_LIMITED',
    'QUOTA_SPENT',
    'UNAUTHORIZED',
    'PROVIDER_DOWN',
  ] as const)('asks to try again on %s, which may pass', async (code) => {
    const outcomes = await stageOf(() => trouble(code)).handle([aMessage(event)], aContext());
    expect(outcomes).toEqual([retry(failure(code, 'trouble'))]);
  });

  test('waits as for its provider when it can do nothing without an endpoint, and goes on when it can', async () => {
    const limited = { sections: learned, failure: failure('ENDPOINT_LIMITED', 'trouble', 7_200_000) };
    const asked = async (enriched: Enriched) => stageOf(() => enriched).handle([aMessage(event)], aContext());
    expect(await asked(limited)).toEqual([retry(failure('RATE_LIMITED', 'trouble', 7_200_000))]);
    expect(await asked({ ...limited, goesOn: true })).toEqual([retry(limited.failure)]);
  });

  test.each(['UNPARSEABLE', 'BAD_REQUEST'] as const)('degrades at once on %s, with what was learned', async (code) => {
    const outcomes = await stageOf(() => trouble(code)).handle([aMessage(event)], aContext());
    expect(outcomes).toEqual([degrade(withReport(learned, { status: 'failed', code }), failure(code, 'trouble'))]);
  });

  test('gives up with the failure in the report and what was learned before it', async () => {
    const stage = stageOf(() => trouble('TIMEOUT'));
    const message = aMessage(event);
    await stage.handle([message], aContext());
    const given = stage.giveUp(message, failure('TIMEOUT', 'trouble'), aContext({ attempt: 5 }));
    expect(given).toEqual(withReport(learned, { status: 'failed', code: 'TIMEOUT', attempts: 5 }));
  });

  test('gives up with the facts as they came when it never learned anything', () => {
    const given = stageOf(() => trouble('BUG')).giveUp(aMessage(event), failure('BUG', 'threw'), aContext());
    expect(given).toEqual(withReport(event.sections, { status: 'failed', code: 'BUG' }));
  });

  test('says one outcome a message, in order, also where one message is in trouble', async () => {
    const stage = stageOf(({ raw }) =>
      raw.name === 'bad' ? trouble('TIMEOUT') : { sections: learned, ending: { status: 'enriched', code: null } },
    );
    const batch = ['a', 'bad', 'c'].map((name) => aMessage(aTrackEvent({}, { name })));
    const outcomes = await stage.handle(batch, aContext());
    expect(outcomes.map((outcome) => ('event' in outcome ? outcome.event.raw.name : outcome.kind))).toEqual([
      'a',
      'retry',
      'c',
    ]);
  });

  test('dates its report after the one that the event came with, even if the clock went back', async () => {
    const stage = stageOf(() => ({ sections: learned, ending: { status: 'enriched', code: null } }));
    const earlier = withReport(event.sections, { at: AT + 5_000 }) as TrackEvent;
    const [outcome] = await stage.handle([aMessage(earlier)], aContext());
    expect(outcome).toEqual(forward(withReport(learned, { at: AT + 5_001 })));
  });

  test('asks anew since a forced replay began, if the replay is for this phase', async () => {
    const asked: (number | null)[] = [];
    const stage = stageOf((_, { notBefore }) => {
      asked.push(notBefore);
      return { sections: learned, ending: { status: 'enriched', code: null } };
    });
    const force = (...phases: string[]) => aMessage(event, { force: { phases, since: AT - 9 } });
    await stage.handle([force('links', 'publishing'), force('links'), aMessage(event)], aContext());
    expect(asked).toEqual([AT - 9, null, null]);
  });
});

describe('how a phase ended, from its answers', () => {
  const found: Answer<string> = { kind: 'found', facts: 'x', fetchedAt: AT };
  const failed = (code: FailureCode): Answer<string> => ({ kind: 'failed', failure: failure(code, 'trouble') });
  const empty = (kind: 'not_found' | 'restricted' | 'not_offered'): Answer<string> => ({ kind, fetchedAt: AT });

  test.each([
    ['found anything: enriched', [empty('not_offered'), found], { ending: { status: 'enriched', code: null } }],
    [
      'not found: as the main question says',
      [empty('not_found'), empty('not_offered')],
      { ending: { status: 'not_found', code: 'NO_MATCH' } },
    ],
    ['restricted', [empty('restricted')], { ending: { status: 'restricted', code: 'REGION' } }],
    ['not offered', [null, empty('not_offered')], { ending: { status: 'not_offered', code: 'NOT_OFFERED' } }],
    ['nothing asked: known', [null], { ending: { status: 'known', code: null } }],
    ['any trouble: trouble', [found, failed('TIMEOUT')], { failure: failure('TIMEOUT', 'trouble') }],
    [
      'trouble that may pass is told first',
      [failed('UNPARSEABLE'), failed('TIMEOUT')],
      { failure: failure('TIMEOUT', 'trouble') },
    ],
    [
      "the whole provider's trouble before one call's",
      [failed('TIMEOUT'), failed('PROVIDER_DOWN')],
      { failure: failure('PROVIDER_DOWN', 'trouble') },
    ],
  ] as const)('%s', (_, answers, ending) => {
    expect(endingOf(answers)).toEqual(ending);
  });
});
