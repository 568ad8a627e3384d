import { isrcOf } from '#track/identity.ts';
import type { TrackState } from '#track/state.ts';

/** Where an answer of a provider stands in the ledger. */
export type AnswerKey = { readonly provider: string; readonly kind: string; readonly key: string };

/** Answers about a recording; another track with one of its ISRCs is the same recording. */
export type RecordingAnswers = { readonly isrcs: readonly string[]; readonly answers: readonly AnswerKey[] };

const keyed =
  (provider: string, kind: string) =>
  (key: string | number): AnswerKey => ({ provider, kind, key: String(key) });

/** Asked by the id of a track: nobody else's. */
const BY_TRACK = [
  keyed('spotify', 'track'),
  keyed('spotify', 'audio-features'),
  keyed('web-player', 'credits'),
  keyed('web-player', 'streams'),
  keyed('musicbrainz', 'recordings-by-track'),
  keyed('chartmetric', 'id-by-spotify'),
];

/** Asked by ISRC. */
const BY_ISRC = [
  keyed('mlc', 'recordings'),
  keyed('musicbrainz', 'recordings-by-isrc'),
  keyed('chartmetric', 'id-by-isrc'),
];

/** Asked by the id that MusicBrainz has for a recording. */
const BY_RECORDING = [keyed('musicbrainz', 'recordings-by-id'), keyed('musicbrainz', 'works-by-recording')];

const chartmetricTrack = keyed('chartmetric', 'track');

/** Where answers about one track alone stand, whatever is known of it. */
export const answersOfTrack = (trackId: string): readonly AnswerKey[] => BY_TRACK.map((at) => at(trackId));

/**
 * Where answers about a track's recording stand, as far as what is known of the track names them. Albums, artists, works and
 * writers are not the track's: other tracks have the same.
 */
export function answersOfRecording({ raw, sections }: Pick<TrackState, 'raw' | 'sections'>): RecordingAnswers {
  const { spotify, links, analytics } = sections;
  const parts = Object.values(sections).flatMap((section) => Object.values(section));
  const asked = parts.flatMap((part) =>
    part !== null && 'askedBy' in part ? [part.askedBy.replace(/^isrc:/, '')] : [],
  );
  const named = [raw.isrc?.value, spotify.core?.value.isrc, ...asked].flatMap((text) => isrcOf(text ?? '') ?? []);
  const isrcs = [...new Set(named)];
  const chartmetricId = analytics.identity?.value.chartmetricId;
  return {
    isrcs,
    answers: [
      ...isrcs.flatMap((isrc) => BY_ISRC.map((at) => at(isrc))),
      ...(links.recording?.value.mbids ?? []).flatMap((mbid) => BY_RECORDING.map((at) => at(mbid))),
      ...(chartmetricId === undefined ? [] : [chartmetricTrack(chartmetricId)]),
    ],
  };
}
