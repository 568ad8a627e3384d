import { describe, expect, test } from 'vitest';
import { asItIs, PACE, type Phase, phaseStage } from '#phases/shared/phase-stage.ts';
import { knownRuns } from '#phases/shared/runs.ts';
import { failure } from '#stream/failure.ts';
import { forwardUnasked, type Outcome } from '#stream/outcome.ts';
import { aContext, aMessage } from '#test/support/messages.ts';
import { aTrackEvent } from '#test/support/tracks.ts';
import { type TrackEvent, trackEvent } from '#track/event.ts';

const event = aTrackEvent();

/** A phase that is asked for by several runs, and the tracks for which it asked somebody. */
function aPhase(enrich: Phase<TrackEvent>['enrich']) {
  const runs = knownRuns();
  const asked: (string | undefined)[] = [];
  const stage = phaseStage<TrackEvent>({
    name: 'publishing',
    input: trackEvent,
    pace: { ...PACE, runs },
    begin: (given) => ({ ok: true, value: given }),
    enrich: (given, asking) => {
      asked.push(asking.run);
      return enrich(given, asking);
    },
    finish: asItIs,
  });
  return { stage, runs, asked };
}

const ofRun = (runId: string) => aMessage(event, { runId });

const reportIn = (outcome: Outcome<TrackEvent> | undefined) =>
  outcome?.kind === 'forward' ? outcome.event.reports.publishing : outcome?.kind;

const found: Phase<TrackEvent>['enrich'] = ({ sections }) => ({
  sections,
  ending: { status: 'enriched', code: null },
});

const untilGone: Phase<TrackEvent>['enrich'] = (_, { signal }) =>
  new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));

describe('a cancelled run', () => {
  test('goes on with off and CANCELLED, and nobody is asked for it; the other runs of its batch are', async () => {
    const { stage, runs, asked } = aPhase(found);
    runs.cancel('left');
    const outcomes = await stage.handle([ofRun('left'), ofRun('kept'), ofRun('left')], aContext());
    expect(outcomes.map(reportIn)).toMatchObject([
      { status: 'off', code: 'CANCELLED', attempts: 0 },
      { status: 'enriched', code: null },
      { status: 'off', code: 'CANCELLED' },
    ]);
    expect(asked).toEqual(['kept']);
  });

  test('is told by the event where a plain producer wrote no header', async () => {
    const { stage, runs } = aPhase(found);
    runs.cancel(event.raw.runId);
    const [outcome] = await stage.handle([aMessage(event)], aContext());
    expect(reportIn(outcome)).toMatchObject({ status: 'off', code: 'CANCELLED' });
  });

  test('F1 one client a run: ends its waits at once; waits of other runs go on', async () => {
    const { stage, runs } = aPhase((given, asking) => (asking.run === 'left' ? untilGone : found)(given, asking));
    const handled = stage.handle([ofRun('left'), ofRun('kept')], aContext());
    runs.cancel('left');
    expect((await handled).map(reportIn)).toMatchObject([{ code: 'CANCELLED' }, { status: 'enriched' }]);
  });

  test('keeps what was known of its tracks, and what earlier phases said', async () => {
    const { stage, runs } = aPhase(found);
    runs.cancel('left');
    const [outcome] = await stage.handle([ofRun('left')], aContext());
    const reports = { ...event.reports, publishing: expect.objectContaining({ status: 'off' }) };
    expect(outcome).toEqual(forwardUnasked({ ...event, reports }));
  });

  test('hides no bug: what is thrown for another reason is thrown', async () => {
    const { stage, runs } = aPhase(async () => {
      runs.cancel('left');
      throw new Error('a bug');
    });
    await expect(stage.handle([ofRun('left')], aContext())).rejects.toThrow('a bug');
  });

  test('does not end the batch of a partition that is lost', async () => {
    const { stage } = aPhase(untilGone);
    const lost = new AbortController();
    const handled = stage.handle([ofRun('kept')], aContext({ signal: lost.signal }));
    lost.abort(new Error('partition lost'));
    await expect(handled).rejects.toThrow('partition lost');
  });

  test('does not wait for a provider that is down', () => {
    const { stage, runs } = aPhase(() => ({ sections: event.sections, failure: failure('PROVIDER_DOWN', 'down') }));
    expect(stage.aside?.(ofRun('left'), aContext())).toBeNull();
    runs.cancel('left');
    expect(reportIn(stage.aside?.(ofRun('left'), aContext()) ?? undefined)).toMatchObject({ code: 'CANCELLED' });
  });
});
