import { z } from 'zod';

/**
 * The page's own JSON, as far as it is used; unknown keys pass. Names of queries and of the person's link differ between
 * versions of the player, so answers are known by their shape (reference: pathfinder `getTrack`, `queryTrackCredits…Modal`).
 */

const named = z.looseObject({ name: z.string() });
const artists = z.looseObject({ items: z.array(z.looseObject({ profile: named })) });

/** `playcount` comes as a string of digits. */
const playcount = z.union([z.string().regex(/^\d+$/).transform(Number), z.int().nonnegative()]);

const track = z.looseObject({
  __typename: z.literal('Track'),
  name: z.string(),
  playcount: playcount.nullish(),
  playability: z.looseObject({ reason: z.string().nullish() }).nullish(),
  firstArtist: artists.nullish(),
  otherArtists: artists.nullish(),
  // The credits come under the same name.
  creditsTrait: z.undefined().optional(),
});

const nowhere = z.looseObject({ __typename: z.literal('NotFound') }).nullable();

/** `getTrack`: the track, or that there is none. */
export const wireTrack = z.looseObject({ data: z.looseObject({ trackUnion: z.union([track, nowhere]) }) });

const contributorItem = z.looseObject({
  name: z.string().min(1),
  role: z.string().nullish(),
  roleGroup: z.looseObject({ name: z.string().nullish() }).nullish(),
  uri: z.string().nullish(),
  url: z.string().nullish(),
  reference: z.looseObject({ url: z.string().nullish() }).nullish(),
});

/** The credits of the dialog, one item a person and role. */
export const wireCredits = z.looseObject({
  data: z.looseObject({
    trackUnion: z.looseObject({
      creditsTrait: z.looseObject({
        contributors: z.looseObject({ items: z.array(contributorItem) }),
        sources: z.looseObject({ items: z.array(named) }).nullish(),
      }),
    }),
  }),
});

const albumItem = z.looseObject({
  track: z.looseObject({ uri: z.string(), playcount: playcount.nullish().catch(null) }),
});

/** `getAlbum`: the counts of an album's tracks, which a page asks for beside its own track's. */
export const wireAlbum = z.looseObject({
  data: z.looseObject({
    albumUnion: z.looseObject({ tracksV2: z.looseObject({ items: z.array(albumItem) }) }),
  }),
});

export type WireTrack = z.infer<typeof track>;
export type WireContributor = z.infer<typeof contributorItem>;

/** Whether an answer says that there is no such track. */
export function saysNoTrack(json: unknown): boolean {
  const union = wireTrack.safeParse(json).data?.data.trackUnion;
  return union === null || union?.__typename === 'NotFound';
}

/** Whether an answer says that nobody is credited. */
export const saysNobody = (json: unknown): boolean =>
  wireCredits.safeParse(json).data?.data.trackUnion.creditsTrait.contributors.items.length === 0;
