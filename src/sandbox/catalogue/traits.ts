import type { Draw } from './draw.ts';

/** What a trait belongs to: two recordings of one work share the work's traits. */
type Subject = 'recording' | 'album' | 'work' | 'writer';

/**
 * How awkward the catalogue is: the share of recordings, albums, works or writers that have each trait.
 * The five `publishing` traits exclude each other; what they leave over is `signed`. The others are drawn independently.
 */
export const traits = {
  unknownToSpotify: { share: 0.04, of: 'recording', meaning: 'Spotify answers null or 404; its page is not found' },
  withoutIsrc: { share: 0.05, of: 'recording', meaning: 'external_ids holds no isrc' },
  withoutAudioFeatures: { share: 0.05, of: 'recording', meaning: 'audio features are null' },
  yearOnlyDate: { share: 0.06, of: 'album', meaning: 'release_date_precision is year' },
  monthOnlyDate: { share: 0.02, of: 'album', meaning: 'release_date_precision is month' },
  withoutLabel: { share: 0.03, of: 'album', meaning: 'the label is an empty text' },
  withoutCredits: { share: 0.1, of: 'recording', meaning: 'all credit groups are empty' },
  regionRestricted: { share: 0.02, of: 'recording', meaning: 'blank page of "Various Artists", COUNTRY_RESTRICTED' },
  withoutPlayCount: { share: 0.03, of: 'recording', meaning: 'the page shows no play count' },
  zeroPlays: { share: 0.01, of: 'recording', meaning: 'played 0 times' },
  hugePlays: { share: 0.01, of: 'recording', meaning: 'played more than 2^31 times' },
  flatCredits: { share: 0.15, of: 'recording', meaning: 'the dialog of 2025: three flat groups' },
  withoutMlcMatch: { share: 0.09, of: 'recording', meaning: 'The MLC has the song but no recording of this ISRC' },
  unregisteredWork: { share: 0.12, of: 'work', meaning: 'The MLC has no such song, so no recording of it either' },
  severalWorks: { share: 0.08, of: 'recording', meaning: 'two works match the ISRC' },
  withoutIswc: { share: 0.15, of: 'work', meaning: 'registered without ISWC' },
  unsigned: { share: 0.16, of: 'work', meaning: 'publishing: no publisher' },
  selfPublished: { share: 0.14, of: 'work', meaning: "publishing: every publisher is the writer's own company" },
  split: { share: 0.22, of: 'work', meaning: 'publishing: two publisher groups or more' },
  partial: { share: 0.07, of: 'work', meaning: 'publishing: shares add up to less than 100' },
  disputed: { share: 0.03, of: 'work', meaning: 'publishing: shares add up to more than 100' },
  withoutMusicBrainz: { share: 0.4, of: 'recording', meaning: 'MusicBrainz has no recording of this ISRC' },
  withoutMusicBrainzWork: { share: 0.25, of: 'recording', meaning: 'its MusicBrainz recording has no work' },
  withoutSpotifyLink: { share: 0.5, of: 'recording', meaning: 'its MusicBrainz recording has no link to Spotify' },
  writerWithoutMbid: { share: 0.3, of: 'writer', meaning: 'the writer is no MusicBrainz artist' },
  writerWithoutIpi: { share: 0.15, of: 'writer', meaning: 'the writer has no IPI name number' },
  writerWithoutLinks: { share: 0.2, of: 'writer', meaning: 'the MusicBrainz artist has no links' },
  unknownToChartmetric: { share: 0.1, of: 'recording', meaning: 'get-ids answers {"obj":[]}' },
  numbersAsStrings: { share: 0.3, of: 'recording', meaning: 'Chartmetric writes its numbers as strings' },
} as const satisfies Record<string, { share: number; of: Subject; meaning: string }>;

export type Trait = keyof typeof traits;

const publishingTraits = ['unsigned', 'selfPublished', 'split', 'partial', 'disputed'] as const;

/** How a work is published; `signed` is one publisher group for all of it. */
export type Publishing = (typeof publishingTraits)[number] | 'signed';

/** How a work is published, from the work's draws. */
export function publishingOf(work: Draw): Publishing {
  let rest = work.unit('publishing');
  for (const trait of publishingTraits) {
    rest -= traits[trait].share;
    if (rest < 0) return trait;
  }
  return 'signed';
}

/** Whether a thing has a trait, from the draws of the thing it belongs to. */
export function has(subject: Draw, trait: Trait): boolean {
  const publishing = publishingTraits.find((one) => one === trait);
  if (publishing !== undefined) return publishingOf(subject) === publishing;
  return subject.chance(traits[trait].share, `trait ${trait}`);
}
