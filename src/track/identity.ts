/** A track is known by its Spotify track id: 22 characters of base 62. */
export const TRACK_ID = /^[0-9A-Za-z]{22}$/;

const URI = /^spotify:track:([0-9A-Za-z]{22})$/;
const URL_PATH = /^\/(?:intl-[a-z-]+\/|embed\/)?track\/([0-9A-Za-z]{22})\/?$/;

/**
 * Reads a track's identity from what producers send.
 * @param given a bare id, a `spotify:track:` URI, or an open.spotify.com link (locale segment and query allowed)
 * @returns the 22-character track id, or `null` when the text names no track
 */
export function trackIdOf(given: string): string | null {
  const trimmed = given.trim();
  if (TRACK_ID.test(trimmed)) return trimmed;
  const uri = URI.exec(trimmed);
  if (uri?.[1]) return uri[1];
  const url = URL.parse(trimmed);
  if (url === null || url.hostname !== 'open.spotify.com') return null;
  return URL_PATH.exec(url.pathname)?.[1] ?? null;
}

const ISRC = /^[A-Z]{2}[A-Z0-9]{3}\d{7}$/;

/** Brings an ISRC to its canonical 12 characters (dashes removed, upper case), or `null` when the text is no ISRC. */
export function isrcOf(given: string): string | null {
  const canonical = given.trim().replaceAll('-', '').toUpperCase();
  return ISRC.test(canonical) ? canonical : null;
}
