import type { TrackDetail } from '#feed/ports.ts';
import type { AskedKey } from '#feed/timeline-ports.ts';
import { isrcOf } from '#track/identity.ts';
import { ipiKey, nameKey } from '#track/names.ts';
import type { Sections } from '#track/sections/sections.ts';

type Known = Pick<TrackDetail, 'trackId' | 'isrc' | 'sections'>;

const keyed =
  (provider: string, kind: string) =>
  (key: string | number | null | undefined): readonly AskedKey[] =>
    key === null || key === undefined ? [] : [{ provider, kind, key: String(key) }];

/** Under which keys of the ledger answers about a track stand, as far as what is known of it names them. */
export function askedKeys({ trackId, isrc: given, sections }: Known): readonly AskedKey[] {
  const isrc = given === null ? null : isrcOf(given);
  const { credits: _, analytics } = sections;
  return [
    ...keyed('spotify', 'track')(trackId),
    ...keyed('spotify', 'audio-features')(trackId),
    ...spotifyKeys(sections.spotify),
    ...keyed('web-player', 'credits')(trackId),
    ...keyed('web-player', 'streams')(trackId),
    ...keyed('mlc', 'recordings')(isrc),
    ...songCodes(sections.publishing).flatMap(keyed('mlc', 'work')),
    ...keyed('musicbrainz', 'recordings-by-isrc')(isrc),
    ...keyed('musicbrainz', 'recordings-by-track')(trackId),
    ...linksKeys(sections.links),
    ...keyed('chartmetric', 'id-by-isrc')(isrc),
    ...keyed('chartmetric', 'id-by-spotify')(trackId),
    ...keyed('chartmetric', 'track')(analytics.identity?.value.chartmetricId),
  ];
}

const spotifyKeys = ({ core, album }: Sections['spotify']): readonly AskedKey[] => [
  ...keyed('spotify', 'album')(album?.value.id ?? core?.value.albumId),
  ...(core?.value.artists ?? []).flatMap(({ id }) => keyed('spotify', 'artist')(id)),
];

const songCodes = ({ work }: Sections['publishing']): readonly string[] =>
  work === null ? [] : [...new Set([work.value.songCode, ...work.value.otherSongCodes])];

function linksKeys({ recording, writers }: Sections['links']): readonly AskedKey[] {
  const people = writers?.value.writers ?? [];
  return [
    ...(recording?.value.mbids ?? []).flatMap(keyed('musicbrainz', 'works-by-recording')),
    ...people.flatMap(({ ipi }) => keyed('musicbrainz', 'artists-by-ipi')(ipi === null ? null : ipiKey(ipi))),
    ...people.flatMap(({ name }) => keyed('musicbrainz', 'artists-by-name')(nameKey(name))),
    ...people.flatMap(({ mbid }) => keyed('musicbrainz', 'links-by-artist')(mbid)),
  ];
}
