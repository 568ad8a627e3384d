import type { Catalogue } from '#sandbox/catalogue/catalogue.ts';
import type { Writer } from '#sandbox/catalogue/people.ts';
import type { Recording } from '#sandbox/catalogue/recordings.ts';
import type { CreditRole } from '#track/sections/credits.ts';
import type { Part } from '#track/sections/part.ts';
import type { Sections } from '#track/sections/sections.ts';

/** Which track, under which ISRC, and when all of it was fetched. */
export type Asked = { readonly trackId: string; readonly isrc: string; readonly at: number };

const ROLES: Readonly<Record<string, CreditRole>> = {
  Composer: 'composer',
  Lyricist: 'lyricist',
  Writer: 'writer',
  Producer: 'producer',
  Engineer: 'engineer',
};

/** Every part of every section of a recording of the catalogue, as full as the phases would have written it. */
export function knownSections(catalogue: Catalogue, recording: Recording, asked: Asked): Sections {
  const partsBy =
    (provider: string, askedBy: string) =>
    <Facts>(value: Facts): Part<Facts> => ({ provider, fetchedAt: asked.at, askedBy, value });
  return {
    spotify: spotifyOf(catalogue, recording, asked, partsBy('spotify', `track:${asked.trackId}`)),
    credits: creditsOf(catalogue, recording, partsBy('web-player', `track:${asked.trackId}`)),
    publishing: publishingOf(catalogue, recording, partsBy('mlc', `isrc:${asked.isrc}`)),
    links: linksOf(catalogue, recording, partsBy('musicbrainz', `isrc:${asked.isrc}`)),
    analytics: analyticsOf(catalogue, recording, partsBy('chartmetric', `isrc:${asked.isrc}`)),
  };
}

type MakePart = <Facts>(value: Facts) => Part<Facts>;

function spotifyOf(
  catalogue: Catalogue,
  recording: Recording,
  { trackId, isrc }: Asked,
  part: MakePart,
): Sections['spotify'] {
  const { album, artists, durationMs, explicit, trackNumber, albumName } = recording;
  const releaseDate = { value: album.released, precision: album.precision };
  const { time_signature: timeSignature, ...features } = catalogue.features(recording.number);
  return {
    core: part({
      answeredId: trackId,
      name: recording.title,
      isrc,
      artists: artists.map(({ id, name }) => ({ id, name })),
      albumId: album.id,
      albumName,
      releaseDate,
      durationMs,
      explicit,
      discNumber: 1,
      trackNumber,
      imageUrl: `https://i.scdn.co/image/${album.id}`,
    }),
    popularity: part({ popularity: recording.popularity }),
    album: part({
      id: album.id,
      name: albumName,
      type: album.type,
      label: album.label,
      upc: album.upc,
      copyrights: [`℗ ${album.year} ${album.label}`, `© ${album.year} ${album.label}`],
      totalTracks: album.size,
      popularity: album.popularity,
      releaseDate,
    }),
    artists: part({
      artists: artists.map(({ id, name, genres, followers, popularity }) => ({
        id,
        name,
        genres: [...genres],
        followers,
        popularity,
      })),
    }),
    features: part({ ...features, timeSignature }),
    access: part({ profile: 'extended', notOffered: [] }),
  };
}

function creditsOf(catalogue: Catalogue, recording: Recording, part: MakePart): Sections['credits'] {
  const { contributors, sources } = catalogue.credits(recording);
  const byName = [...Map.groupBy(contributors, ({ name }) => name)].map(([name, all]) => ({
    name,
    artistUri: all[0]?.artistId == null ? null : `spotify:artist:${all[0].artistId}`,
    roles: all.map(({ role, group }) => ({ given: role, group, role: ROLES[role] ?? ('performer' as const) })),
  }));
  return {
    people: part({ contributors: byName, reading: 'json' as const }),
    source: part({ names: [...sources] }),
    streams: part({ playCount: recording.playCount ?? 0 }),
    baseline: null,
  };
}

function publishingOf(catalogue: Catalogue, recording: Recording, part: MakePart): Sections['publishing'] {
  const { work } = recording;
  const writers = work.writers.map(({ writer: { name, ipi, number } }) => ({
    id: String(number),
    name: name.full,
    ipi,
    roleCode: 'CA',
  }));
  const publishers = catalogue.shares(work).map(({ publisher, percent, administrators, parents }) => ({
    name: publisher.name,
    ipi: publisher.ipi,
    roleCode: 'E',
    share: percent,
    administrators: administrators.map(({ name, ipi }) => ({ name, ipi })),
    parents: parents.map(({ name, ipi }) => ({ name, ipi })),
  }));
  return {
    work: part({
      songCode: work.songCode,
      iswc: work.iswc,
      title: work.title,
      writers,
      publishers,
      otherSongCodes: [],
    }),
    status: part({
      status: 'signed' as const,
      writers: writers.map(({ name, ipi }) => ({ name, ipi, status: 'signed' as const })),
      partial: false,
      adminOnly: false,
      evidence: publishers.map(({ name, share }) => `${name} collects ${share} %.`),
      judgedWith: creditedNames(catalogue, recording),
    }),
  };
}

function linksOf(catalogue: Catalogue, recording: Recording, part: MakePart): Sections['links'] {
  const { work } = recording;
  return {
    recording: part({
      mbids: [catalogue.resolve.mbRecordingId(recording.number)],
      title: recording.title,
      works: [
        {
          mbid: work.mbid,
          title: work.title,
          iswcs: work.iswc === null ? [] : [work.iswc],
          writers: work.writers.map(({ writer, part: role }) => ({
            mbid: writer.mbid ?? '',
            name: writer.name.full,
            role,
          })),
        },
      ],
      isrcs: [],
    }),
    writers: part({ writers: writersOf(catalogue, recording) }),
  };
}

const WRITTEN = new Set(['Composer', 'Lyricist', 'Writer']);

function creditedNames(catalogue: Catalogue, recording: Recording): string[] {
  const { contributors } = catalogue.credits(recording);
  return [...new Set(contributors.filter(({ role }) => WRITTEN.has(role)).map(({ name }) => name))];
}

/** The first three of those whom the credits name as writers: fewer, or others, and the phase would ask again. */
function writersOf(catalogue: Catalogue, recording: Recording) {
  const byName = new Map<string, Writer>(recording.work.writers.map(({ writer }) => [writer.name.full, writer]));
  return creditedNames(catalogue, recording)
    .slice(0, 3)
    .map((name) => {
      const writer = byName.get(name);
      const links = writer === undefined ? [] : catalogue.linksOfWriter(writer).filter(({ ended }) => !ended);
      return {
        name,
        mbid: writer?.mbid ?? null,
        ipi: writer?.ipi ?? null,
        matchedBy: 'work_relation' as const,
        links: links.map(({ type, url }) => ({ kind: type, url })),
      };
    });
}

function analyticsOf(catalogue: Catalogue, recording: Recording, part: MakePart): Sections['analytics'] {
  const measures = catalogue.measures(recording);
  const { streams, popularity, playlists, editorialPlaylists, playlistReach, youtubeViews, shazams, tiktoks } =
    measures;
  return {
    identity: part({ chartmetricId: 10_000_000 + (recording.number % 90_000_000) }),
    statistics: part({
      streams,
      popularity,
      playlists,
      editorialPlaylists,
      playlistReach,
      youtubeViews,
      shazams,
      tiktoks,
      streamsWeeklyChange: measures.streamsPerDay,
      streamsWeeklyChangePercent: 1.5,
    }),
    profile: part({
      score: measures.score,
      trackStage: measures.stage,
      careerHealth: measures.careerHealth,
      genres: recording.artists.flatMap(({ genres }) => [...genres]),
      moods: [...measures.moods],
      activities: [...measures.activities],
      songwriters: recording.work.writers.map(({ writer }) => writer.name.full),
      label: recording.album.label,
      releaseDate: recording.album.released,
    }),
    baseline: null,
  };
}
