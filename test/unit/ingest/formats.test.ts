import { describe, expect, it } from 'vitest';
import type { PlaylistFile } from '#ingest/playlist-file.ts';
import { readPlaylistFile } from '#ingest/read.ts';
import { runOf } from '#ingest/run.ts';
import { fixture } from '#test/support/fixtures.ts';
import { AT, trackId } from '#test/support/tracks.ts';

/** Reads a fixture and gives what its answer would say, per playlist, with the events that would be published. */
function read(name: string) {
  const file = readPlaylistFile(fixture(`playlists/${name}`));
  if ('unreadable' in file) throw new Error(file.unreadable);
  return { format: file.format, runs: file.playlists.map((playlist: PlaylistFile) => runOf(playlist, name, AT)) };
}

/** The counts and the rows left out, in one line each. */
const said = (name: string) =>
  read(name).runs.map(({ summary: { accepted, rows, repeats, skipped, rejected, partial, playlist } }) => ({
    playlist: playlist.name,
    accepted,
    rows,
    repeats,
    partial,
    skipped: skipped.map((one) => `${one.row} ${one.reason}`),
    rejected: rejected.map((one) => `${one.row} ${one.reason} ${one.value}`),
  }));

const track = (name: string, n: number, run = 0) => {
  const found = [...(read(name).runs[run]?.tracks ?? [])].find((one) => one.track === trackId(n));
  if (found === undefined) throw new Error(`${name} has no track ${n}`);
  return found;
};

describe('our own format', () => {
  it('is read with its counts', () => {
    expect(said('linernotes.json')).toEqual([
      {
        playlist: 'Harbour Lights',
        accepted: 2,
        rows: 6,
        repeats: 1,
        partial: true,
        skipped: ['4 EPISODE'],
        rejected: ['5 NO_TRACK_ID unnamed', '6 BAD_TRACK_ID not-a-track'],
      },
    ]);
  });

  it('carries what it knows into the event, names exactly as given', () => {
    expect(track('linernotes.json', 1)).toEqual({
      track: trackId(1),
      name: 'Tidal Room',
      artists: ['Ines Okafor', 'Sjö, Berg & Co'],
      isrc: 'QZLN72600001',
      label: 'Harbour Tapes',
      releaseDate: { value: '2019-02', precision: 'month' },
      albumId: null,
      albumName: null,
      durationMs: 178_626,
      explicit: false,
      popularity: 0,
      audioFeatures: null,
      playlist: {
        id: 'pl-harbour',
        name: 'Harbour Lights',
        snapshotId: 's-7',
        positions: [0, 2],
        url: null,
        curator: 'A Curator',
        isEditorial: false,
      },
      fetchMethod: 'network_capture',
      observedAt: Date.UTC(2026, 2, 4, 5, 6, 7),
      runId: expect.stringMatching(/^run-[0-9a-f]{32}$/),
      runTotal: 2,
      prior: null,
    });
  });

  it('that does not fit is refused with the place and the reason', () => {
    const file = readPlaylistFile(Buffer.from('{"format":"linernotes.playlist/1","tracks":[{"track":7}]}'));
    expect(file).toEqual({ unreadable: expect.stringContaining('tracks[0].track') });
  });
});

describe('the Spotify Web API', () => {
  const whole = {
    playlist: 'Night Drive',
    accepted: 2,
    rows: 6,
    repeats: 1,
    partial: false,
    skipped: ['2 LOCAL_FILE', '3 NULL_TRACK', '4 EPISODE'],
    rejected: [],
  };

  it.each(['web-api-old.json', 'web-api-2026.json'])('is read whole from %s', (name) => {
    expect(read(name).format).toBe('Spotify Web API');
    expect(said(name)).toEqual([whole]);
  });

  it('gives a page its place in the playlist and says that it is partial', () => {
    expect(said('web-api-page.json')).toEqual([
      {
        ...whole,
        playlist: 'web-api-page.json',
        partial: true,
        skipped: ['102 LOCAL_FILE', '103 NULL_TRACK', '104 EPISODE'],
      },
    ]);
    expect(track('web-api-page.json', 1).playlist).toMatchObject({ id: 'pl4page', positions: [100, 105] });
  });

  it('is read from a concatenated array of items', () => {
    expect(said('web-api-items.json')).toEqual([{ ...whole, playlist: 'web-api-items.json', rows: 7, repeats: 2 }]);
  });

  it('gives ISRC, popularity and date to the event, so that a phase can skip', () => {
    expect(track('web-api-old.json', 2)).toMatchObject({
      isrc: 'QZLN72600002',
      popularity: 42,
      albumName: null,
      releaseDate: { value: '1999', precision: 'year' },
      fetchMethod: 'spotify_api',
      playlist: { isEditorial: true, curator: 'Spotify', snapshotId: 'AAAAsnapshot' },
    });
  });
});

describe('Exportify', () => {
  it('of the first line joins artists by ", " and escapes a comma inside a name', () => {
    expect(said('exportify-watsonbox.csv')).toMatchObject([
      { accepted: 2, rows: 5, repeats: 1, skipped: ['4 LOCAL_FILE', '5 EPISODE'], rejected: [] },
    ]);
    expect(track('exportify-watsonbox.csv', 1)).toMatchObject({
      artists: ['Ines Okafor', 'Sjö, Berg & Co'],
      isrc: 'QZLN72600001',
    });
  });

  it('writes zeros for a dead track, which are no facts', () => {
    expect(track('exportify-watsonbox.csv', 2)).toMatchObject({ isrc: null, releaseDate: null, durationMs: null });
  });

  it('of 2024 has bare ids, a tabbed header cell, label, popularity and audio features', () => {
    expect(said('exportify-pavelkomarov-2024.csv')).toMatchObject([{ accepted: 2, skipped: [], rejected: [] }]);
    expect(track('exportify-pavelkomarov-2024.csv', 1)).toMatchObject({
      artists: ['Ines Okafor', 'Sjö, Berg & Co'],
      label: 'Harbour Tapes',
      releaseDate: { value: '1971', precision: 'year' },
      popularity: 37,
      audioFeatures: { key: -1, tempo: 120.02, instrumentalness: 0, timeSignature: 4 },
    });
    expect(track('exportify-pavelkomarov-2024.csv', 2)).toMatchObject({ audioFeatures: null, popularity: 0 });
  });

  it('of 2025 begins with a byte order mark and joins artists by ";"', () => {
    expect(track('exportify-pavelkomarov-2025.csv', 1)).toMatchObject({
      artists: ['Ines Okafor', 'Sjö, Berg & Co'],
      explicit: true,
    });
  });

  it('of the oldest kind is read by its Spotify ID', () => {
    expect(track('exportify-old.csv', 1)).toMatchObject({ artists: ['Ines Okafor', 'Other'], durationMs: 200_001 });
  });
});

describe('TuneMyMusic', () => {
  it('holds several playlists, and rows that only look like tracks', () => {
    expect(said('tunemymusic.csv')).toEqual([
      expect.objectContaining({
        playlist: 'Kitchen',
        accepted: 1,
        skipped: ['2 LOCAL_FILE'],
        rejected: ['3 NO_TRACK_ID No Id (ISRC QZLN72600003)'],
      }),
      expect.objectContaining({ playlist: 'Favorite Songs', accepted: 1, skipped: [], rejected: [] }),
      expect.objectContaining({ accepted: 0, skipped: ['1 NOT_A_TRACK', '2 NOT_A_TRACK'], rejected: [] }),
    ]);
  });

  it('without Spotify ids is rejected row by row, with the ISRC named', () => {
    expect(said('tunemymusic-no-ids.csv')).toMatchObject([
      { accepted: 0, rejected: ['1 NO_TRACK_ID Tidal Room (ISRC QZLN72600001)', '2 NO_TRACK_ID Two'] },
    ]);
  });
});

describe('other formats', () => {
  it('account data has several playlists and four kinds of items', () => {
    expect(said('account-data.json')).toEqual([
      expect.objectContaining({
        playlist: 'Kitchen',
        accepted: 1,
        skipped: ['2 EPISODE', '3 AUDIOBOOK', '4 LOCAL_FILE'],
      }),
      expect.objectContaining({ playlist: 'Car', accepted: 2, skipped: [], rejected: [] }),
    ]);
  });

  it('spotDL writes an empty ISRC, which is none', () => {
    expect(said('spotdl.json')).toMatchObject([
      { playlist: 'Mix', accepted: 2, rejected: ['3 NO_TRACK_ID None (ISRC QZLN72600003)'] },
    ]);
    expect(track('spotdl.json', 1).isrc).toBeNull();
  });

  it('a list of URIs, links and ids may hold local files, comments and blank lines', () => {
    expect(said('uri-list.txt')).toMatchObject([
      {
        accepted: 3,
        repeats: 1,
        skipped: ['3 LOCAL_FILE', '5 EPISODE'],
        rejected: ['6 BAD_TRACK_ID spotify:track:tooshort'],
      },
    ]);
  });

  it('any text gives its track links and nothing else', () => {
    expect(said('links.md')).toMatchObject([{ accepted: 2, rows: 3, repeats: 1, skipped: [], rejected: [] }]);
  });

  it("a table of somebody's own gives the column that holds ids", () => {
    expect(said('custom.csv')).toMatchObject([{ accepted: 2, skipped: ['3 NOT_A_TRACK'], rejected: [] }]);
    expect(track('custom.csv', 1)).toMatchObject({ name: 'Tidal Room', artists: ['Ines Okafor'] });
  });

  it.each([
    ['names-only.txt', ['1 NO_TRACK_ID Ines Okafor - Tidal Room', '2 NO_TRACK_ID 김하람 - 등대']],
    ['names-only.csv', ['1 NO_TRACK_ID Ines Okafor - Tidal Room (ISRC QZLN72600001)', '2 NO_TRACK_ID 김하람 - 등대']],
  ])('names alone are rejected, never guessed: %s', (name, rejected) => {
    expect(said(name)).toMatchObject([{ accepted: 0, rejected }]);
  });

  it.each([
    ['nothing', '', 'The file is empty.'],
    ['broken JSON', '{"tracks": [', 'begins like JSON but is none'],
    ['some other JSON', '{"a": 1}', 'no playlist that is known'],
  ])('%s is refused with a sentence', (_, text, sentence) => {
    expect(readPlaylistFile(Buffer.from(text))).toEqual({ unreadable: expect.stringContaining(sentence) });
  });

  it('UTF-16 with a byte order mark is read', () => {
    const bytes = Buffer.from(`\ufeffspotify:track:${trackId(1)}\n`, 'utf16le');
    expect(readPlaylistFile(bytes)).toMatchObject({ playlists: [{ rows: [{ kind: 'track', trackId: trackId(1) }] }] });
  });
});

describe('a run', () => {
  const idOf = (name: string) => read(name).runs[0]?.runId;

  it('is the same for the same snapshot, whichever way it was saved', () => {
    expect(idOf('web-api-2026.json')).toBe(idOf('web-api-old.json'));
  });

  it('is another for other rows', () => {
    expect(idOf('custom.csv')).not.toBe(idOf('names-only.csv'));
  });
});
