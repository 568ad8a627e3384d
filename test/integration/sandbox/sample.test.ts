import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { createCatalogue } from '#sandbox/catalogue/catalogue.ts';
import { samplePlaylist } from '#sandbox/sample/playlist.ts';

const catalogue = createCatalogue();

it('the sample playlist in the repository is what the catalogue gives (else: node src/sandbox/sample/write.ts)', async () => {
  const file = new URL('../../../src/sandbox/sample-playlist.json', import.meta.url);
  expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(JSON.parse(JSON.stringify(samplePlaylist(catalogue))));
});

it('the sample playlist has 100 different tracks at 106 of its 110 positions', async () => {
  const { default: sample } = await import('../../../src/sandbox/sample-playlist.json', { with: { type: 'json' } });
  const tracks = sample.tracks.items.flatMap(({ track }) =>
    track?.type === 'track' && track.id !== null ? [track.id] : [],
  );
  expect([sample.tracks.items.length, tracks.length, new Set(tracks).size]).toEqual([110, 106, 100]);
  expect(tracks.every((id) => catalogue.resolve.track(id) !== null)).toBe(true);
});
