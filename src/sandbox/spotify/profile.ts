import { z } from 'zod';

/**
 * What a Spotify account is given (reference: Web API changes of November 2024 and February 2026). `extended`: everything.
 * `legacy-dev`: no audio features. `new-dev`: single calls only, no audio features, and fewer fields.
 */
export const spotifyProfile = z.enum(['extended', 'legacy-dev', 'new-dev']);
export type SpotifyProfile = z.output<typeof spotifyProfile>;

const WITHHELD = {
  track: ['available_markets', 'linked_from', 'popularity'],
  album: ['album_group', 'available_markets', 'label', 'popularity'],
  artist: ['followers', 'popularity'],
} as const;

/** A thing as an account of this profile gets it. */
export function givenTo(profile: SpotifyProfile, kind: keyof typeof WITHHELD, thing: object): object {
  if (profile !== 'new-dev') return thing;
  const withheld: readonly string[] = WITHHELD[kind];
  const kept = Object.entries(thing).filter(([name]) => !withheld.includes(name));
  return Object.fromEntries(
    kept.map(([name, value]) => [
      name,
      kind === 'track' && name === 'album' ? givenTo(profile, 'album', value) : value,
    ]),
  );
}
