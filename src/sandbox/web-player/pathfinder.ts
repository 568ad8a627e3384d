import { z } from 'zod';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { parsed } from '../http/control.ts';
import { type Ask, json, type Reply } from '../http/route.ts';
import type { Page } from './page.ts';

const queryBody = z.object({
  operationName: z.string(),
  variables: z.object({ uri: z.string().optional(), trackUri: z.string().optional() }),
});

/** The key a pathfinder call is about: the id in its uri. */
export function idAsked({ body }: Ask): string {
  const asked = queryBody.safeParse(parsed(body));
  if (!asked.success) return '';
  return (asked.data.variables.uri ?? asked.data.variables.trackUri ?? '').split(':').at(-1) ?? '';
}

/** The name of the query a pathfinder call makes. */
export function operationAsked({ body }: Ask): string {
  const asked = queryBody.safeParse(parsed(body));
  return asked.success ? asked.data.operationName : 'unreadable';
}

/** Answers the page's own queries; errors come with status 200, as the web player's do. */
export function pathfinder(catalogue: Catalogue, find: (id: string) => Page | null): (ask: Ask) => Reply {
  return (ask) => {
    const asked = queryBody.safeParse(parsed(ask.body));
    if (!asked.success) return json(400, { errors: [{ message: 'Bad Request' }] });
    const { operationName } = asked.data;
    const id = idAsked(ask);
    if (operationName === 'getAlbum') return albumAnswer(catalogue, id, find);
    const page = find(id);
    if (page?.api === 'persisted-query-not-found') return failed('PersistedQueryNotFound');
    if (operationName === 'getTrack') return trackAnswer(page);
    if (/^queryTrackCredits(Grouped)?(Modal|Panel)$/.test(operationName)) return creditsAnswer(page);
    return failed('PersistedQueryNotFound');
  };
}

const failed = (message: string): Reply => json(200, { errors: [{ message }] });
const notFound = json(200, { data: { trackUnion: { __typename: 'NotFound', message: 'Not found' } } });

const artistItem = (artist: Page['artists'][number]): object => ({
  uri: `spotify:artist:${artist.id}`,
  profile: { name: artist.name },
});

function trackAnswer(page: Page | null): Reply {
  if (page === null || page.state === 'not-found') return notFound;
  const { album } = page;
  const count = page.playCount === null ? {} : { playcount: String(page.playCount) };
  const renamed = page.api === 'renamed' ? { streamTotal: count } : count;
  const restricted = page.state === 'restricted';
  return json(200, {
    data: {
      trackUnion: {
        __typename: 'Track',
        id: page.id,
        uri: `spotify:track:${page.id}`,
        name: page.title,
        ...renamed,
        duration: { totalMilliseconds: page.durationMs },
        contentRating: { label: page.explicit ? 'EXPLICIT' : 'NONE' },
        playability: { playable: !restricted, reason: restricted ? 'COUNTRY_RESTRICTED' : 'PLAYABLE' },
        firstArtist: { items: page.artists.slice(0, 1).map(artistItem) },
        otherArtists: { items: page.artists.slice(1).map(artistItem) },
        albumOfTrack: {
          id: album.id,
          uri: `spotify:album:${album.id}`,
          name: album.name,
          date: dateOf(album.released, album.precision),
          copyright: { items: copyrights(album.label, album.released) },
          coverArt: { sources: [] },
        },
      },
    },
  });
}

function creditsAnswer(page: Page | null): Reply {
  if (page === null || page.state === 'not-found') return notFound;
  const items = page.contributors.map(({ name, role, group, artistId }) => ({
    name,
    role,
    ...(artistId === null ? {} : { uri: `spotify:artist:${artistId}` }),
    roleGroup: { name: group },
  }));
  const contributors = { totalCount: items.length, items };
  const traits = page.api === 'renamed' ? { credits: { people: items } } : { contributors };
  return json(200, {
    data: {
      trackUnion: {
        __typename: 'Track',
        name: page.title,
        artists: { items: page.artists.map(artistItem) },
        creditsTrait: { ...traits, sources: { items: page.sources.map((name) => ({ name })) } },
      },
    },
  });
}

/** An album with the play counts of all its tracks. */
function albumAnswer(catalogue: Catalogue, id: string, find: (id: string) => Page | null): Reply {
  const number = catalogue.resolve.album(id);
  if (number === null) return json(200, { data: { albumUnion: { __typename: 'NotFound' } } });
  const album = catalogue.album(number);
  const tracks = catalogue.albumTracks(number);
  const countOf = (trackId: string): object => {
    const count = find(trackId)?.playCount ?? null;
    return count === null ? {} : { playcount: String(count) };
  };
  const items = tracks.map((track) => ({
    uid: track.id.slice(0, 8),
    track: {
      uri: `spotify:track:${track.id}`,
      name: track.recording.title,
      trackNumber: track.recording.trackNumber,
      ...countOf(track.id),
    },
  }));
  return json(200, {
    data: {
      albumUnion: {
        __typename: 'Album',
        uri: `spotify:album:${id}`,
        name: album.name ?? tracks[0]?.recording.title ?? '',
        label: album.label,
        date: dateOf(album.released, album.precision),
        copyright: { items: copyrights(album.label, album.released) },
        tracksV2: { totalCount: items.length, items },
      },
    },
  });
}

const dateOf = (released: string, precision: string): object => ({
  isoString: `${`${released}-01-01`.slice(0, 10)}T00:00:00Z`,
  precision: precision.toUpperCase(),
  year: Number(released.slice(0, 4)),
});

const copyrights = (label: string, released: string): readonly object[] =>
  label === '' ? [] : [{ type: 'P', text: `${released.slice(0, 4)} ${label}` }];
