import type { Dialog, DomReading, PageAnswer, PageReader, PageRequest, PageVisit } from '#providers/web-player/page.ts';
import { trackId } from './tracks.ts';

/** The page's own answer to `getTrack`. */
export const trackJson = (over: Record<string, unknown> = {}) => ({
  data: {
    trackUnion: {
      __typename: 'Track',
      uri: `spotify:track:${trackId()}`,
      name: 'Example Song',
      playcount: '5012345678',
      playability: { playable: true, reason: 'PLAYABLE' },
      firstArtist: { items: [{ uri: 'spotify:artist:x', profile: { name: 'Ada Example' } }] },
      otherArtists: { items: [] },
      ...over,
    },
  },
});

/** The page's own answer of credits, with these items as they are. */
export const creditsJson = (items: readonly unknown[], sources: readonly string[] = ['Example Records']) => ({
  data: {
    trackUnion: {
      __typename: 'Track',
      name: 'Example Song',
      creditsTrait: {
        contributors: { totalCount: items.length, items },
        sources: { items: sources.map((name) => ({ name })) },
      },
    },
  },
});

export const anItem = (name: string, role: string, group: string, over: Record<string, unknown> = {}) => ({
  name,
  role,
  roleGroup: { name: group },
  ...over,
});

export const anAnswerOf = (operation: string, json: unknown, over: Partial<PageAnswer> = {}): PageAnswer => ({
  operation,
  uri: `spotify:track:${trackId()}`,
  status: 200,
  error: null,
  retryAfter: null,
  json,
  ...over,
});

export const aDialog = (over: Partial<Dialog> = {}): Dialog => ({
  groups: [
    { heading: 'Artist', people: [{ name: 'Ada Example', href: null, roles: ['Main Artist'] }] },
    { heading: 'Composition & Lyrics', people: [{ name: 'Cy Example', href: null, roles: ['Composer', 'Lyricist'] }] },
  ],
  source: 'Source: Example Records',
  ...over,
});

export const aDomReading = (over: Partial<DomReading> = {}): DomReading => ({
  state: 'track',
  title: 'Example Song',
  artists: ['Ada Example'],
  playCount: '1,234,567',
  dialog: null,
  ...over,
});

export const COMPOSER = anItem('Cy Example', 'Composer', 'Composition & Lyrics');

/** A visit of a page that shows everything in its JSON; override what matters to the test. */
export const aVisit = (over: Partial<PageVisit> = {}): PageVisit => ({
  status: 200,
  retryAfter: null,
  answers: [anAnswerOf('getTrack', trackJson()), anAnswerOf('queryTrackCreditsGroupedModal', creditsJson([COMPOSER]))],
  dom: aDomReading(),
  trouble: null,
  ...over,
});

/** A browser of one function, and every page that it was asked for. */
export function fakeReader(visit: (request: PageRequest) => PageVisit) {
  const pages: { readonly url: string; readonly credits: boolean }[] = [];
  const reader: PageReader = async (request) => {
    const refusal = await request.admit();
    if (refusal !== null) return { status: null, retryAfter: null, answers: [], dom: null, trouble: refusal };
    pages.push({ url: request.url, credits: request.credits });
    return visit(request);
  };
  return { reader, pages };
}
