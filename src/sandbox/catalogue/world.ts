import { type Draw, draw } from './draw.ts';
import { type Artist, composeArtist, composeWriter, type Writer } from './people.ts';
import { pool } from './pool.ts';
import { type Sealer, sealer } from './seal.ts';

/** What every part of the catalogue is computed from: a seed, its draws, its identifiers and its pools of people. */
export type World = {
  seed: string;
  draw(kind: string, key: string | number): Draw;
  seal: Sealer;
  /** The writer of a number below `writerCount`. */
  writer(number: number): Writer;
  /** The artist of a number below `artistCount`: even ones are solo, odd ones bands. */
  artist(number: number): Artist;
};

/** Makes the world of a seed. */
export function worldOf(seed: string): World {
  const seal = sealer(seed);
  const drawOf = (kind: string, key: string | number): Draw => draw(seed, kind, key);
  const writer = pool((number) => composeWriter(drawOf('writer', number), number, seal));
  const artist = pool((number) => composeArtist(drawOf('artist', number), number, { seal, writer }));
  return { seed, draw: drawOf, seal, writer, artist };
}
