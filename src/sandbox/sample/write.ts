/** Writes the sample playlist from the catalogue: `node src/sandbox/sample/write.ts`. A test fails when it is out of date. */
import { writeFile } from 'node:fs/promises';
import { createCatalogue } from '../catalogue/catalogue.ts';
import { samplePlaylist } from './playlist.ts';

const file = new URL('../sample-playlist.json', import.meta.url);
await writeFile(file, `${JSON.stringify(samplePlaylist(createCatalogue()), null, 2)}\n`);
