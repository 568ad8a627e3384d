import { describe, expect, test } from 'vitest';
import { asItIs, PACE, type Phase, phaseStage } from '#phases/shared/phase-stage.ts';
import { knownRuns } from '#phases/shared/runs.ts';
import { knownWithdrawn } from '#phases/shared/withdrawn.ts';
import { failure } from '#stream/failure.ts';
import { forwardUnasked, type Outcome } from '#stream/outcome.ts';
import { aContext, aMessage } from '#test/support/messages.ts';
import { aPart, aTrackEvent, trackId } from '#test/support/tracks.ts';
import { type TrackEvent, trackEvent } from '#track/event.ts';
import { NO_SECTIONS } from '#track/sections/sections.ts';

const [GONE, OTHER] = [trackId(1), trackId(2)];

const eventOf = (id: string): TrackEvent =>
  aTrackEvent(
    {
      sections: {
        ...NO_SECTIONS,
        analytics: { ...NO_SECTIONS.analytics, identity: aPart({ chartmetricId: 7 }) },
      },
    },
    { track: id, name: 'A name', artists: ['somebody'], isrc: 'ZZLNX2600001', popularity: 3 },
  );

function aPhase(enrich: Phase<TrackEvent>['enrich']) {
  const withdrawn = knownWithdrawn();
  const runs = knownRuns();
  const asked: string[] = [];
  const stage = phaseStage<TrackEvent>({
    name: 'publishing',
    input: trackEvent,
    pace: { ...PACE, runs, withdrawn },
    begin: (given) => ({ ok: true, value: given }),
    enrich: (given, asking) => {
      asked.push(given.trackId);
      return enrich(given, asking);
    },
    finish: asItIs,
  });
  return { stage, withdrawn, runs, asked };
}

const messages = [aMessage(eventOf(GONE)), aMessage(eventOf(OTHER))];

const reportIn = (outcome: Outcome<TrackEvent> | undefined) =>
  outcome?.kind === 'forward' ? outcome.event.reports.publishing : outcome?.kind;

const found: Phase<TrackEvent>['enrich'] = ({ sections }) => ({
  sections,
  ending: { status: 'enriched', code: null },
});

const untilGone: Phase<TrackEvent>['enrich'] = (_, { signal }) =>
  new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));

describe('a withdrawn track', () => {
  test('goes on with off and WITHDRAWN, and nobody is asked for it; the others of its batch are', async () => {
    const { stage, withdrawn, asked } = aPhase(found);
    withdrawn.add(GONE);
    const outcomes = await stage.handle(messages, aContext());
    expect(outcomes.map(reportIn)).toMatchObject([
      { status: 'off', code: 'WITHDRAWN', attempts: 0 },
      { status: 'enriched', code: null },
    ]);
    expect(asked).toEqual([OTHER]);
  });

  test('carries no fact on: only where it was seen, and how its phases ended', async () => {
    const { stage, withdrawn } = aPhase(found);
    withdrawn.add(GONE);
    const [outcome] = await stage.handle(messages, aContext());
    const bare = aTrackEvent({}, { track: GONE });
    const reports = { ...bare.reports, publishing: expect.objectContaining({ status: 'off' }) };
    expect(outcome).toEqual(forwardUnasked({ ...bare, reports }));
  });

  test('ends its waits at once; waits of other tracks go on', async () => {
    const { stage, withdrawn } = aPhase((given, asking) => (given.trackId === GONE ? untilGone : found)(given, asking));
    const handled = stage.handle(messages, aContext());
    withdrawn.add(GONE);
    expect((await handled).map(reportIn)).toMatchObject([{ code: 'WITHDRAWN' }, { status: 'enriched' }]);
  });

  test('keeps nothing of an answer that came just before', async () => {
    const { stage, withdrawn } = aPhase((given, asking) => {
      withdrawn.add(GONE);
      return found(given, asking);
    });
    expect((await stage.handle(messages, aContext())).map(reportIn)).toMatchObject([
      { code: 'WITHDRAWN' },
      { status: 'enriched' },
    ]);
  });

  test('makes no letter, whatever its provider says meanwhile', async () => {
    const { stage, withdrawn } = aPhase(({ sections }) => {
      withdrawn.add(GONE);
      return { sections, failure: failure('UNPARSEABLE', 'a page of another shape') };
    });
    const [gone, other] = await stage.handle(messages, aContext());
    expect([reportIn(gone), reportIn(other)]).toMatchObject([{ code: 'WITHDRAWN' }, 'degrade']);
  });

  test('is told as withdrawn even where its run was cancelled', async () => {
    const { stage, withdrawn, runs } = aPhase(found);
    withdrawn.add(GONE);
    runs.cancel(eventOf(GONE).raw.runId);
    expect((await stage.handle(messages, aContext())).map(reportIn)).toMatchObject([
      { code: 'WITHDRAWN' },
      { code: 'CANCELLED' },
    ]);
  });

  test('does not wait for a provider that is down', () => {
    const { stage, withdrawn } = aPhase(untilGone);
    const [message] = messages as [(typeof messages)[0]];
    expect(stage.aside?.(message, aContext())).toBeNull();
    withdrawn.add(GONE);
    expect(reportIn(stage.aside?.(message, aContext()) ?? undefined)).toMatchObject({ code: 'WITHDRAWN' });
  });
});
