import { z } from 'zod';

/**
 * What an answer of The MLC's Public Search API must have to be believed. The lists of writers and publishers, and the song code
 * of a recording, must be there even when they are empty: read as absent, a renamed field would turn every song into an
 * unregistered or unsigned one.
 */

const idText = z.union([z.string(), z.number()]).nullish();
const share = z.union([z.number(), z.string()]).nullish();

export const wireRecordings = z.array(
  z.looseObject({
    isrc: z.string().nullish(),
    title: z.string().nullish(),
    artist: z.string().nullish(),
    /** With a small s, unlike everywhere else. */
    mlcsongCode: z.string().nullable(),
  }),
);

const writer = z.looseObject({
  writerId: idText,
  writerFirstName: z.string().nullish(),
  writerLastName: z.string().nullish(),
  writerIPI: z.string().nullish(),
  writerRoleCode: idText,
});

/** What the song search lists: a work without its publishers. */
export const wireSongs = z.array(
  z.looseObject({
    mlcSongCode: z.string(),
    workTitle: z.string(),
    writers: z.array(writer),
  }),
);

const partyShape = {
  publisherName: z.string().nullish(),
  publisherIpiNumber: z.string().nullish(),
};

/** An administrator or a parent; each can have administrators and parents of its own. */
export type WireParty = {
  readonly publisherName?: string | null | undefined;
  readonly publisherIpiNumber?: string | null | undefined;
  readonly administrators?: readonly WireParty[] | null | undefined;
  readonly parentPublishers?: readonly WireParty[] | null | undefined;
};

const party: z.ZodType<WireParty> = z.looseObject({
  ...partyShape,
  get administrators() {
    return z.array(party).nullish();
  },
  get parentPublishers() {
    return z.array(party).nullish();
  },
});

export const wireWork = z.looseObject({
  mlcSongCode: z.string(),
  iswc: z.string().nullish(),
  primaryTitle: z.string(),
  akas: z.array(z.looseObject({ akaTitle: z.string().nullish() })).nullish(),
  writers: z.array(writer),
  publishers: z.array(
    z.looseObject({
      publisherName: z.string(),
      publisherIpiNumber: z.string().nullish(),
      publisherRoleCode: idText,
      collectionShare: share,
      administrators: z.array(party).nullish(),
      parentPublishers: z.array(party).nullish(),
    }),
  ),
});

export type WireRecordings = z.infer<typeof wireRecordings>;
export type WireSongs = z.infer<typeof wireSongs>;
export type WireWork = z.infer<typeof wireWork>;
export type WireWriter = z.infer<typeof writer>;
