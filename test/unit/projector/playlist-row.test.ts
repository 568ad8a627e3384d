import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inPlaylist, mergePlaylists, playlistRow, playlistState } from '#projector/playlist-row.ts';
import { NARROW, valuesOf } from '#test/support/arbitrary.ts';
import { fetchMethod, playlist } from '#track/raw.ts';

const sighting = fc
  .record({
    runId: fc.constantFrom('run-1', 'run-2'),
    observedAt: fc.nat(3),
    fetchMethod: valuesOf(fetchMethod),
    playlist: valuesOf(playlist, NARROW).map((drawn) => ({ ...drawn, id: 'p' })),
  })
  .filter(inPlaylist)
  .map(playlistState);

test('sightings of a playlist merge to one state in any order, any number of times', () => {
  fc.assert(
    fc.property(sighting, sighting, sighting, (a, b, c) => {
      expect(mergePlaylists(a, b)).toEqual(mergePlaylists(b, a));
      expect(mergePlaylists(a, mergePlaylists(b, c))).toEqual(mergePlaylists(mergePlaylists(a, b), c));
      expect(mergePlaylists(a, a)).toEqual(a);
    }),
  );
});

test('a later sighting without a name leaves the name alone and moves the snapshot on', () => {
  const at = (observedAt: number, name: string | null, snapshotId: string | null) =>
    playlistState({
      runId: 'run-9',
      observedAt,
      fetchMethod: 'import',
      playlist: { id: 'p', name, snapshotId, positions: [], url: null, curator: null, isEditorial: null },
    });
  expect(playlistRow('p', mergePlaylists(at(1, 'Summer', 's1'), at(2, null, null)))).toMatchObject({
    name: 'Summer',
    snapshotId: 'run-9',
    observedAt: new Date(2).toISOString(),
  });
});
