import { createHash } from 'node:crypto';

/** A UUID for an address: MusicBrainz numbers its addresses too, and nobody looks one up by it. */
export function urlId(url: string): string {
  const hex = createHash('sha256').update(url).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
