import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asRawTrack, replayedEvent } from '#replay/event.ts';
import { NARROW, valuesOf } from '#test/support/arbitrary.ts';
import { AT, aPart, aTrackEvent } from '#test/support/tracks.ts';
import { eventOf, trackEvent } from '#track/event.ts';
import { merge } from '#track/merge.ts';
import { stateOf, type TrackState } from '#track/state.ts';

const states = fc
  .array(
    valuesOf(trackEvent, NARROW).map((event) => stateOf({ ...event, trackId: 'one' })),
    { minLength: 1, maxLength: 4 },
  )
  .map((several) => several.reduce(merge));

const replayed = (state: TrackState) => {
  const event = replayedEvent(state);
  if (event === null) throw new Error('The track was never seen.');
  return event;
};

/** States take long to make; every run of the suite has others. */
const RUNS = { numRuns: 40 };

describe('a track sent again', () => {
  it('changes nothing of what is known, whatever is known', () => {
    fc.assert(
      fc.property(states, (state) => void expect(merge(state, stateOf(replayed(state)))).toEqual(state)),
      RUNS,
    );
  });

  it('brings no observation back over a newer one that was not known yet', () => {
    fc.assert(
      fc.property(
        states,
        valuesOf(trackEvent, NARROW).map((event) => stateOf({ ...event, trackId: 'one' })),
        (state, newer) =>
          void expect(merge(merge(state, newer), stateOf(replayed(state)))).toEqual(merge(state, newer)),
      ),
      RUNS,
    );
  });

  it('has every value that was seen at any time, dated like the oldest', () => {
    const seenFirst = stateOf(aTrackEvent({}, { isrc: 'QZABC2500001', runId: 'run-1', observedAt: AT }));
    const seenLater = stateOf(aTrackEvent({}, { name: 'A Name', runId: 'run-2', observedAt: AT + 1000 }));
    const { raw } = replayed(merge(seenFirst, seenLater));
    expect(raw).toMatchObject({ isrc: 'QZABC2500001', name: 'A Name', observedAt: AT, runId: 'run-1' });
  });

  it('enters the first phase with its parts as prior', () => {
    const core = aPart({ popularity: 3 });
    const event = aTrackEvent({}, {});
    const known = {
      ...event,
      sections: { ...event.sections, spotify: { ...event.sections.spotify, popularity: core } },
    };
    const raw = asRawTrack(replayed(stateOf(known)));
    expect(eventOf(known.trackId, raw)).toMatchObject({ trackId: known.trackId, sections: known.sections });
  });

  it('is none when only a dead letter names the track', () => {
    const state = { ...stateOf(aTrackEvent({}, {})), appearances: [] };
    expect(replayedEvent(state)).toBeNull();
  });
});
