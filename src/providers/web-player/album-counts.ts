import { trackIdOf } from '#track/identity.ts';
import type { StreamsFacts } from './facts.ts';
import type { PageVisit } from './page.ts';
import { wireAlbum } from './wire.ts';

/**
 * The counts of a track's neighbours: a page asks for its whole album, so their own pages need not be read for them.
 * @param ownId the track whose page it is: its count is told by the page itself
 * @returns by track id; a neighbour without a count is left out, as that may only mean that the album does not tell it
 */
export function albumCountsIn({ answers }: PageVisit, ownId: string): ReadonlyMap<string, StreamsFacts> {
  const albums = answers.flatMap(({ json }) => wireAlbum.safeParse(json).data ?? []);
  const tracks = albums.flatMap(({ data }) => data.albumUnion.tracksV2.items.map(({ track }) => track));
  const counts = new Map<string, StreamsFacts>();
  for (const { uri, playcount } of tracks) {
    const id = trackIdOf(uri);
    if (id !== null && id !== ownId && playcount != null) counts.set(id, { playCount: playcount });
  }
  return counts;
}
