import { expect, test } from 'vitest';
import { answersOfRecording, answersOfTrack } from '#projector/own-answers.ts';
import { aPart, aTrackEvent, trackId } from '#test/support/tracks.ts';
import { NO_SECTIONS } from '#track/sections/sections.ts';
import { stateOf } from '#track/state.ts';

const said = ({ provider, kind, key }: { provider: string; kind: string; key: string }) => `${provider} ${kind} ${key}`;

test('a track has answers of its own under its id alone', () => {
  expect(answersOfTrack(trackId()).map(said)).toEqual(
    [
      'spotify track',
      'spotify audio-features',
      'web-player credits',
      'web-player streams',
      'musicbrainz recordings-by-track',
      'chartmetric id-by-spotify',
    ].map((shelf) => `${shelf} ${trackId()}`),
  );
});

test('of a track nobody has answered for, the recording has no answers', () => {
  expect(answersOfRecording(stateOf(aTrackEvent()))).toEqual({ isrcs: [], answers: [] });
});

test('the answers about a recording stand under every ISRC by which the track was ever asked, and under what these led to', () => {
  const sections = {
    ...NO_SECTIONS,
    links: {
      ...NO_SECTIONS.links,
      recording: aPart({ mbids: ['mbid-1'], title: null, isrcs: [], works: [] }, { askedBy: 'isrc:ZZLNX2600002' }),
    },
    analytics: { ...NO_SECTIONS.analytics, identity: aPart({ chartmetricId: 7 }, { askedBy: `track:${trackId()}` }) },
  };
  const state = stateOf(aTrackEvent({ sections }, { isrc: 'ZZ-LNX-26-00001' }));
  const { isrcs, answers } = answersOfRecording(state);
  expect(isrcs).toEqual(['ZZLNX2600001', 'ZZLNX2600002']);
  expect(answers.map(said)).toEqual([
    ...isrcs.flatMap((isrc) => [
      `mlc recordings ${isrc}`,
      `musicbrainz recordings-by-isrc ${isrc}`,
      `chartmetric id-by-isrc ${isrc}`,
    ]),
    'musicbrainz recordings-by-id mbid-1',
    'musicbrainz works-by-recording mbid-1',
    'chartmetric track 7',
  ]);
});
