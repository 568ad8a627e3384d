import { type Enriched, endingOf, KNOWN, OFF } from '#phases/shared/ending.ts';
import { asItIs, type Pace, phaseStage } from '#phases/shared/phase-stage.ts';
import type { Asking } from '#providers/answer.ts';
import type { SpotifyClient } from '#providers/spotify/client.ts';
import { failure } from '#stream/failure.ts';
import { failed, ok, type Result } from '#stream/result.ts';
import type { Stage } from '#stream/stage.ts';
import { eventOf, type TrackEvent } from '#track/event.ts';
import { trackIdOf } from '#track/identity.ts';
import { type RawTrack, rawTrack } from '#track/raw.ts';
import { askSpotify, type FeaturesLookup } from './ask.ts';
import { spotifySectionOf } from './map.ts';
import { needsOf } from './needs.ts';

/** The event of a raw track; without a usable track id there is none. */
function begin(raw: RawTrack): Result<TrackEvent> {
  const trackId = trackIdOf(raw.track);
  if (trackId !== null) return ok(eventOf(trackId, raw));
  return failed(failure('NO_TRACK_ID', `${JSON.stringify(raw.track.slice(0, 200))} names no Spotify track`));
}

async function enrich(
  client: SpotifyClient,
  otherFeatures: FeaturesLookup | null,
  event: TrackEvent,
  asking: Asking,
): Promise<Enriched> {
  const needs = needsOf(event, asking, client.shownProfile());
  if (needs === null) return { sections: event.sections, ending: KNOWN };
  const answers = await askSpotify(client, otherFeatures, event, needs, asking);
  const { track, album, artists, features } = answers;
  const sections = { ...event.sections, spotify: spotifySectionOf(event, answers, client.profile()) };
  return { sections, ...endingOf([track, album, ...artists, features]), goesOn: track?.kind !== 'failed' };
}

/**
 * The first phase: ISRC, popularity, release date, label, artists and audio features from the Spotify Web API.
 * @param client `null` when Spotify is not configured: what is known already is `known`, the rest `off`
 * @param otherFeatures asked for audio features that Spotify does not give; its trouble is nobody's trouble
 */
export const spotifyStage = (
  client: SpotifyClient | null,
  pace: Pace,
  otherFeatures: FeaturesLookup | null = null,
): Stage<RawTrack, TrackEvent> =>
  phaseStage<RawTrack>({
    name: 'spotify',
    input: rawTrack,
    pace,
    begin,
    enrich: (event, asking) => {
      if (client !== null) return enrich(client, otherFeatures, event, asking);
      return { sections: event.sections, ending: needsOf(event, asking, null) === null ? KNOWN : OFF };
    },
    finish: asItIs,
  });
