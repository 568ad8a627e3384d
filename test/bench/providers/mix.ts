import { createCatalogue } from '#sandbox/catalogue/catalogue.ts';
import type { Recording } from '#sandbox/catalogue/recordings.ts';
import { knownSections } from '#test/bench/chain/known-sections.ts';
import { NOTHING_SEEN, type RawTrack } from '#track/raw.ts';
import { NO_SECTIONS } from '#track/sections/sections.ts';

/** A thousand tracks as playlists have them: how many different things of each kind they name. */
export const MIX = {
  albums: 700,
  artists: 1_300,
  writers: 1_500,
  withIsrc: 950,
  atMusicBrainz: 600,
  atMlc: 800,
} as const;

export type Mix = Record<keyof typeof MIX, number>;
type Counted = { readonly albums: Set<number>; readonly artists: Set<string>; readonly writers: Set<number> };
type Candidate = { readonly id: string; readonly recording: Recording };

const TRACKS = 1_000;
const CANDIDATES = 8_000;
/** Of so many that might come next the one is taken that keeps the mix best. */
const CHOICES = 400;
const HOUR = 3_600_000;

const countedOf = (): Counted => ({ albums: new Set(), artists: new Set(), writers: new Set() });

/** What a track adds to the counts. */
function additionOf({ recording }: Candidate, { albums, artists, writers }: Counted): Mix {
  const newArtists = new Set(recording.artists.map(({ id }) => id)).difference(artists);
  const newWriters = new Set(recording.work.writers.map(({ writer }) => writer.number)).difference(writers);
  return {
    albums: albums.has(recording.album.number) ? 0 : 1,
    artists: newArtists.size,
    writers: newWriters.size,
    withIsrc: recording.isrc === null ? 0 : 1,
    atMusicBrainz: recording.has('withoutMusicBrainz') ? 0 : 1,
    atMlc: recording.work.registered && !recording.has('withoutMlcMatch') ? 1 : 0,
  };
}

const NAMES = Object.keys(MIX) as (keyof Mix)[];

/** How far counts are from what so many tracks of the mix would have, in shares of the mix. */
const distanceOf = (counts: Mix, tracks: number): number =>
  NAMES.reduce((sum, name) => sum + Math.abs(counts[name] - (MIX[name] * tracks) / TRACKS) / MIX[name], 0);

const plus = (one: Mix, other: Mix): Mix => ({
  albums: one.albums + other.albums,
  artists: one.artists + other.artists,
  writers: one.writers + other.writers,
  withIsrc: one.withIsrc + other.withIsrc,
  atMusicBrainz: one.atMusicBrainz + other.atMusicBrainz,
  atMlc: one.atMlc + other.atMlc,
});

/** A thousand tracks of the sandbox's catalogue in the mix, the same ones each time, and what they name. */
function chosen(candidates: readonly Candidate[]): { readonly tracks: readonly Candidate[]; readonly counts: Mix } {
  const counted = countedOf();
  const left = [...candidates];
  const tracks: Candidate[] = [];
  let counts: Mix = { albums: 0, artists: 0, writers: 0, withIsrc: 0, atMusicBrainz: 0, atMlc: 0 };
  while (tracks.length < TRACKS) {
    const next = left
      .slice(0, CHOICES)
      .map((candidate, index) => ({ candidate, index, counts: plus(counts, additionOf(candidate, counted)) }))
      .reduce((best, one) =>
        distanceOf(one.counts, tracks.length + 1) < distanceOf(best.counts, tracks.length + 1) ? one : best,
      );
    left.splice(next.index, 1);
    tracks.push(next.candidate);
    counts = next.counts;
    const { album, artists, work } = next.candidate.recording;
    counted.albums.add(album.number);
    for (const { id } of artists) counted.artists.add(id);
    for (const { writer } of work.writers) counted.writers.add(writer.number);
  }
  return { tracks, counts };
}

/**
 * The tracks of the benchmark as a scraper sees them: an id and little more. Their credits are known, as if read from pages an
 * hour ago, so that writers are there and no browser takes part.
 * @param now the clock, milliseconds since the epoch
 */
export function mixedTracks(now: number): {
  readonly counts: Mix;
  readonly trackOf: (runId: string) => (n: number) => RawTrack;
} {
  const catalogue = createCatalogue();
  const candidates = catalogue.find.lifelike(CANDIDATES).flatMap((id): Candidate[] => {
    const recording = catalogue.recording(catalogue.resolve.track(id) ?? 0);
    return recording.has('unknownToSpotify') ? [] : [{ id, recording }];
  });
  const { tracks, counts } = chosen(candidates);
  const trackOf = (runId: string) => (n: number) => {
    const track = tracks[n];
    if (track === undefined) throw new Error(`There is no track ${n}.`);
    return rawOf(
      track,
      runId,
      now - HOUR,
      knownSections(catalogue, track.recording, { trackId: track.id, isrc: '', at: now - HOUR }),
    );
  };
  return { counts, trackOf };
}

const rawOf = (
  { id, recording }: Candidate,
  runId: string,
  observedAt: number,
  { credits }: Pick<typeof NO_SECTIONS, 'credits'>,
): RawTrack => ({
  ...NOTHING_SEEN,
  track: id,
  name: recording.title,
  artists: recording.artists.map(({ name }) => name),
  playlist: null,
  fetchMethod: 'import',
  observedAt,
  runId,
  runTotal: TRACKS,
  prior: { ...NO_SECTIONS, credits },
});
