import type { World } from './world.ts';

/** Audio features of a recording in Spotify's units: shares 0 to 1, loudness in dB, tempo in beats a minute. */
export type Features = {
  danceability: number;
  energy: number;
  key: number;
  loudness: number;
  mode: number;
  speechiness: number;
  acousticness: number;
  instrumentalness: number;
  liveness: number;
  valence: number;
  tempo: number;
  time_signature: number;
};

/** The audio features of a recording; key -1 is "none found". */
export function featuresOf(world: World, recording: number): Features {
  const subject = world.draw('features', recording);
  const share = (label: string): number => Math.round(subject.unit(label) * 1000) / 1000;
  return {
    danceability: share('danceability'),
    energy: share('energy'),
    key: subject.between(-1, 11, 'key'),
    loudness: -Math.round(subject.unit('loudness') * 30_000) / 1000,
    mode: subject.below(2, 'mode'),
    speechiness: share('speechiness'),
    acousticness: share('acousticness'),
    instrumentalness: share('instrumentalness'),
    liveness: share('liveness'),
    valence: share('valence'),
    tempo: Math.round((60 + subject.unit('tempo') * 140) * 1000) / 1000,
    time_signature: subject.pick([4, 4, 4, 3, 5], 'time signature'),
  };
}
