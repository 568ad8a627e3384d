import type { Call } from '#providers/call.ts';
import type { Fetched, Source } from '#providers/source.ts';
import { unanswered } from './search.ts';
import type { Waits } from './search-source.ts';
import { urlsOf } from './urls.ts';
import { recordingsLinked, type UrlEntity } from './wire.ts';

const TRACKS_A_LOOKUP = 90;

const linkOf = (trackId: string): string => `https://open.spotify.com/track/${trackId}`;

/** Recording MBIDs by Spotify track id: those that MusicBrainz links to the track, by links that have not ended. */
export function trackSource(waits: Waits, call: Call): Source<{ recordings: string[] }, readonly string[]> {
  return {
    provider: 'musicbrainz',
    kind: 'recordings-by-track',
    maxBatch: TRACKS_A_LOOKUP,
    ...waits,
    profile: () => 'public',
    wire: recordingsLinked,
    read: ({ recordings }) => recordings,
    fetchBatch: async (trackIds, scope) => {
      const entities = await urlsOf(call, trackIds.map(linkOf), 'recording-rels', scope);
      if (!entities.ok) return unanswered(trackIds, entities.failure);
      return trackIds.map((trackId) => ofTrack(entities.value, trackId));
    },
  };
}

function ofTrack(entities: readonly UrlEntity[], trackId: string): Fetched {
  const own = entities.filter(({ resource }) => resource === linkOf(trackId));
  const recordings = own.flatMap(({ relations }) =>
    relations.flatMap(({ ended, recording }) => (ended || recording === undefined ? [] : [recording.id])),
  );
  return recordings.length === 0 ? { kind: 'not_found' } : { kind: 'found', body: { recordings } };
}
