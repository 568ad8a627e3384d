import type { Artist, Writer } from './people.ts';
import { has } from './traits.ts';
import type { World } from './world.ts';

/** A link MusicBrainz holds for an artist: relation type, address, and whether it is dead. */
export type Link = { type: string; url: string; ended: boolean };

const kinds: readonly { type: string; host: string; share: number }[] = [
  { type: 'social network', host: 'https://www.instagram.com/', share: 0.7 },
  { type: 'social network', host: 'https://www.facebook.com/', share: 0.4 },
  { type: 'social network', host: 'https://x.com/', share: 0.35 },
  { type: 'social network', host: 'https://www.tiktok.com/@', share: 0.3 },
  { type: 'official homepage', host: 'https://sandbox.example/', share: 0.45 },
  { type: 'youtube', host: 'https://www.youtube.com/@', share: 0.5 },
  { type: 'soundcloud', host: 'https://soundcloud.com/', share: 0.3 },
  { type: 'bandcamp', host: 'https://sandbox-bandcamp.example/', share: 0.25 },
  { type: 'discogs', host: 'https://www.discogs.com/artist/', share: 0.55 },
  { type: 'wikidata', host: 'https://www.wikidata.org/wiki/Q', share: 0.5 },
  { type: 'free streaming', host: 'https://open.spotify.com/artist/', share: 0.6 },
  { type: 'IMDb', host: 'https://www.imdb.com/name/nm', share: 0.15 },
];

const numbered = /(artist\/|\/Q|nm)$/;

/** The links of a writer who is a MusicBrainz artist; about one in eight is ended. */
export function linksOfWriter(world: World, writer: Writer): readonly Link[] {
  if (has(world.draw('writer', writer.number), 'writerWithoutLinks')) return [];
  const artist = writer.artist === null ? null : world.artist(writer.artist);
  return links(
    world,
    `writer ${writer.number}`,
    `linernotes-sandbox-w${writer.number}`,
    9_000_000_000 + writer.number,
    artist,
  );
}

/** The links of a band. */
export function linksOfBand(world: World, artist: Artist): readonly Link[] {
  return links(
    world,
    `band ${artist.number}`,
    `linernotes-sandbox-b${artist.number}`,
    9_500_000_000 + artist.number,
    artist,
  );
}

function links(world: World, key: string, handle: string, number: number, artist: Artist | null): readonly Link[] {
  const subject = world.draw('links', key);
  return kinds
    .filter(({ host, share }) => subject.chance(share, host) && (artist !== null || !host.includes('spotify')))
    .map(({ type, host }) => {
      const name = host.includes('spotify') ? (artist?.id ?? '') : numbered.test(host) ? String(number) : handle;
      return { type, url: `${host}${name}`, ended: subject.chance(0.12, `ended ${host}`) };
    });
}
