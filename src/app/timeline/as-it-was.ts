import { gate } from '#adapters/postgres/gate.ts';
import type { LetterItem } from '#feed/letter-ports.ts';
import type { TrackDetail } from '#feed/ports.ts';
import type { ReadTrackAt, TrackAt } from '#feed/timeline-ports.ts';
import { changesOf } from '#projector/changes.ts';
import { trackItem } from '#projector/feed-entry.ts';
import type { Letter } from '#projector/letter.ts';
import { inPlaylist, mergePlaylistTracks, type PlaylistTrackRow, playlistTrackRow } from '#projector/playlist-row.ts';
import { trackReadingOf } from '#projector/reading.ts';
import { runTrackRow } from '#projector/run-track.ts';
import type { StoredTrack } from '#projector/stored-track.ts';
import { trackRow } from '#projector/track-row.ts';
import type { Decode } from '#stream/ports.ts';
import type { Appearance } from '#track/state.ts';
import { type ReadableLog, readTrackLog } from './track-log.ts';

/** What the past of a track is read from. */
export type PastSources = ReadableLog & {
  readonly track: (trackId: string) => Promise<Pick<TrackDetail, 'firstSeenAt'> | null>;
  readonly decode: Decode;
  /** Most records that one question looks at. */
  readonly most: number;
};

/**
 * Tells tracks as they were: the fold of their events up to a moment by the broker's time, by the very law that makes the rows.
 * One question at a time; each costs what a timeline costs.
 */
export function pastReader(sources: PastSources): ReadTrackAt {
  const oneAtATime = gate(1);
  return (trackId, at) => oneAtATime(() => readTrackAt(trackId, at, sources));
}

async function readTrackAt(trackId: string, at: number, sources: PastSources): Promise<TrackAt | null> {
  const track = await sources.track(trackId);
  const firstSeenAt = track === null ? null : Date.parse(track.firstSeenAt);
  const log = await readTrackLog(trackId, firstSeenAt, [], sources);
  if (!log.read.whole) return { kind: 'too long', looked: log.read.records };
  const records = log.records.filter(({ timestamp }) => timestamp <= at);
  const readings = await Promise.all(records.map((record) => trackReadingOf(record, sources.decode)));
  const { tracks, runTracks, letters } = changesOf(readings);
  const state = tracks.get(trackId);
  if (state === undefined) return null;
  const { summary, conflicts, state: _, ...row } = trackRow(state);
  const { raw, sections, reports, appearances } = state.track;
  return {
    kind: 'found',
    track: {
      ...trackItem(row),
      ...{ summary, conflicts, raw, sections, reports, appearances },
      playlists: playlistsOf(trackId, appearances),
      runs: [...runTracks.values()]
        .filter((one) => one.trackId === trackId)
        .map(runTrackRow)
        .map(({ runId, place, degraded }) => ({ runId, place, degraded })),
      letters: [...letters.values()].filter((one) => one.trackId === trackId).map((one) => letterItem(one, state)),
    },
  };
}

/** What operators did to a letter is no event of the track; that its phase answered since is. */
function letterItem(letter: Letter, { answered }: StoredTrack): LetterItem {
  const answeredAt = letter.phase === null ? null : answered[letter.phase];
  const isSuperseded = answeredAt !== null && answeredAt > Date.parse(letter.lastFailedAt);
  return { ...letter, state: isSuperseded ? 'superseded' : 'open', stateBy: null, stateAt: null, stateReason: null };
}

/** Where it stood by what was seen of it; of each playlist the snapshot in which it was seen last is the current one. */
function playlistsOf(trackId: string, appearances: readonly Appearance[]): TrackDetail['playlists'] {
  const sightings = appearances.filter(inPlaylist).toSorted((a, b) => b.observedAt - a.observedAt);
  const places = new Map<string, PlaylistTrackRow>();
  const latest = new Map<string, string>();
  const names = new Map<string, string | null>();
  for (const sighting of sightings) {
    const place = playlistTrackRow(trackId, sighting);
    const { playlistId, snapshotId } = place;
    const key = `${playlistId}\n${snapshotId}`;
    places.set(key, mergePlaylistTracks(places.get(key) ?? place, place));
    if (!latest.has(playlistId)) latest.set(playlistId, snapshotId);
    names.set(playlistId, names.get(playlistId) ?? sighting.playlist.name);
  }
  return [...places.values()].map(({ playlistId, snapshotId, positions }) => ({
    playlistId,
    name: names.get(playlistId) ?? null,
    snapshotId,
    positions,
    current: latest.get(playlistId) === snapshotId,
  }));
}
