import type { Catalogue } from '../catalogue/catalogue.ts';
import type { Contributor } from '../catalogue/credits.ts';
import type { Recording } from '../catalogue/recordings.ts';

/** What a page of the web player shows, and how it behaves. Cases change single fields of a catalogue's page. */
export type Page = {
  id: string;
  state: 'shown' | 'restricted' | 'not-found';
  title: string;
  artists: readonly { name: string; id: string }[];
  album: { id: string; name: string; released: string; precision: string; label: string };
  durationMs: number;
  explicit: boolean;
  playCount: number | null;
  contributors: readonly Contributor[];
  sources: readonly string[];
  /** The dialog of 2026 (grouped by role group, roles beside the name), of 2025 (three flat groups), or one that nobody has seen yet. */
  layout: 'grouped' | 'flat' | 'unknown';
  locale: 'en' | 'de' | 'fr' | 'ko';
  /** Whether a consent banner covers the page until it is answered. */
  consent: boolean;
  /** Milliseconds the page waits beyond the pace before it hydrates. */
  hydrateLateMs: number;
  /** What the page's own JSON does: works, says its query is unknown, or has another shape and name. */
  api: 'works' | 'persisted-query-not-found' | 'renamed';
  /** How the document itself is answered. */
  document: 'served' | 'too-many-requests' | 'cut' | 'endless';
  /** Whether its script never ends once it knows its track. */
  hangs: boolean;
  /** How many MB of memory it takes and keeps, a few at a time. */
  leakMb: number;
};

/** The page the catalogue gives a track id; null when the id is malformed. */
export function pageOf(catalogue: Catalogue, id: string): Page | null {
  const number = catalogue.resolve.track(id);
  if (number === null) return null;
  const recording = catalogue.recording(number);
  const { album } = recording;
  const page: Page = {
    id,
    state: stateOf(recording),
    title: recording.title,
    artists: recording.artists.map((artist) => ({ name: artist.name, id: artist.id })),
    album: {
      id: album.id,
      name: recording.albumName,
      released: album.released,
      precision: album.precision,
      label: album.label,
    },
    durationMs: recording.durationMs,
    explicit: recording.explicit,
    playCount: recording.playCount,
    ...catalogue.credits(recording),
    layout: recording.has('flatCredits') ? 'flat' : 'grouped',
    locale: 'en',
    consent: false,
    hydrateLateMs: 0,
    api: 'works',
    document: 'served',
    hangs: false,
    leakMb: 0,
  };
  return page.state === 'restricted' ? blank(page) : page;
}

function stateOf(recording: Recording): Page['state'] {
  if (recording.has('unknownToSpotify')) return 'not-found';
  return recording.has('regionRestricted') ? 'restricted' : 'shown';
}

/** What is left of a page where its track may not be shown. */
export function blank(page: Page): Page {
  const artists = [{ name: 'Various Artists', id: 'SandboxVariousArtists0' }];
  return { ...page, state: 'restricted', title: '', artists, playCount: null, contributors: [], sources: [] };
}
