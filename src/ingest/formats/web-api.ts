import { z } from 'zod';
import { trackIdOf } from '#track/identity.ts';
import { filled, isrcFact, releaseDateOf } from '../cells.ts';
import {
  A_PLAYLIST_FILE,
  type Known,
  type PlaylistFile,
  type Row,
  rejectRow,
  skipRow,
  trackRow,
} from '../playlist-file.ts';

/** The Spotify Web API's playlist in all the shapes people save: whole (old and 2026 names), one page, or an array of items. */

const named = z.object({ name: z.string().nullish() });

const track = z.object({
  id: z.string().nullish(),
  uri: z.string().nullish(),
  type: z.string().nullish(),
  name: z.string().nullish(),
  is_local: z.boolean().nullish(),
  artists: z.array(named).nullish(),
  album: z
    .object({ id: z.string().nullish(), name: z.string().nullish(), release_date: z.string().nullish() })
    .nullish(),
  duration_ms: z.number().nullish(),
  explicit: z.boolean().nullish(),
  popularity: z.number().nullish(),
  external_ids: z.object({ isrc: z.string().nullish() }).nullish(),
});

const item = z
  .looseObject({ is_local: z.boolean().nullish() })
  .refine((value) => 'track' in value || 'item' in value, 'neither "track" nor "item"');

const page = z.object({
  href: z.string().nullish(),
  items: z.array(item),
  offset: z.number().nullish(),
  total: z.number().nullish(),
  next: z.string().nullish(),
});

const about = z.object({
  id: z.string().nullish(),
  name: z.string().nullish(),
  snapshot_id: z.string().nullish(),
  external_urls: z.object({ spotify: z.string().nullish() }).nullish(),
  owner: z.object({ id: z.string().nullish(), display_name: z.string().nullish() }).nullish(),
});

const whole = z.union([
  about.extend({ tracks: page }),
  about.extend({ items: page }).transform(({ items, ...rest }) => ({ ...rest, tracks: items })),
  page.transform((only) => ({ tracks: only }) as z.infer<typeof about> & { tracks: z.infer<typeof page> }),
  z
    .array(item)
    .transform((items) => ({ tracks: { items } }) as z.infer<typeof about> & { tracks: z.infer<typeof page> }),
]);

/** A page alone names its playlist only in its own address. */
const PLAYLIST_HREF = /\/playlists\/([0-9A-Za-z]+)\//;

type Track = z.infer<typeof track>;

/** Reads a Web API document, or returns `null` when it is none. */
export function readWebApi(document: unknown): readonly PlaylistFile[] | null {
  const read = whole.safeParse(document);
  if (!read.success) return null;
  const { tracks, ...playlist } = read.data;
  const offset = tracks.offset ?? 0;
  const captured = offset + tracks.items.length;
  return [
    {
      ...A_PLAYLIST_FILE,
      id: filled(playlist.id) ?? PLAYLIST_HREF.exec(tracks.href ?? '')?.[1] ?? null,
      name: filled(playlist.name),
      snapshotId: filled(playlist.snapshot_id),
      url: filled(playlist.external_urls?.spotify),
      curator: filled(playlist.owner?.display_name) ?? filled(playlist.owner?.id),
      isEditorial: playlist.owner?.id ? playlist.owner.id === 'spotify' : null,
      fetchMethod: 'spotify_api',
      offset,
      totalRows: tracks.total ?? (tracks.next ? captured + 1 : null),
      rows: tracks.items.map(rowOfItem),
    },
  ];
}

function rowOfItem(entry: z.infer<typeof item>): Row {
  const content = 'track' in entry ? entry['track'] : entry['item'];
  if (content === null || content === undefined) return skipRow('NULL_TRACK', 'null');
  const read = track.safeParse(content);
  if (!read.success) return rejectRow('BAD_ROW', z.prettifyError(read.error));
  return entry.is_local ? skipRow('LOCAL_FILE', labelOf(read.data)) : rowOfTrack(read.data);
}

function rowOfTrack(given: Track): Row {
  if (given.is_local) return skipRow('LOCAL_FILE', labelOf(given));
  const type = given.type?.toLowerCase();
  if (type === 'episode') return skipRow('EPISODE', labelOf(given));
  if (type === 'audiobook' || type === 'chapter') return skipRow('AUDIOBOOK', labelOf(given));
  const id = given.id ?? given.uri ?? '';
  const trackId = trackIdOf(id);
  if (trackId !== null) return trackRow(trackId, knownOf(given));
  return id === '' ? rejectRow('NO_TRACK_ID', labelOf(given)) : rejectRow('BAD_TRACK_ID', id);
}

const labelOf = (given: Track): string => given.name ?? given.uri ?? given.id ?? 'unnamed';

const knownOf = (given: Track): Partial<Known> => ({
  name: filled(given.name),
  artists: (given.artists ?? []).flatMap(({ name }) => filled(name) ?? []),
  isrc: isrcFact(given.external_ids?.isrc),
  ...albumOf(given.album),
  durationMs: given.duration_ms || null,
  explicit: given.explicit ?? null,
  popularity: given.popularity ?? null,
});

const albumOf = (album: Track['album']) => ({
  albumId: filled(album?.id),
  albumName: filled(album?.name),
  releaseDate: releaseDateOf(album?.release_date),
});
