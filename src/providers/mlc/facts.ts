import { isrcOf } from '#track/identity.ts';
import type { Publisher, PublishingSection, WorkWriter } from '#track/sections/publishing.ts';
import type { WireParty, WireRecordings, WireSongs, WireWork, WireWriter } from './wire.ts';

/** The songs that recordings under one ISRC are matched to; none when The MLC has the recording but no song for it. */
export type RecordingsFacts = { readonly songCodes: readonly string[] };

/** What the song search tells of a work. */
export type SongFacts = {
  readonly songCode: string;
  readonly title: string;
  readonly writers: readonly WorkWriter[];
};

export type SongsFacts = { readonly songs: readonly SongFacts[] };

type RegisteredWork = NonNullable<PublishingSection['work']>['value'];

/** A registered work, with all its titles and without the other works that match the same recording. */
export type WorkFacts = Omit<RegisteredWork, 'otherSongCodes'> & {
  /** Alternative titles. */
  readonly akas: readonly string[];
  /** Flagged as disputed; the API has no such flag. */
  readonly disputed: boolean;
};

const filled = (text: string | null | undefined): string | null => (text?.trim() ? text.trim() : null);
const idOf = (id: string | number | null | undefined): string | null => filled(id == null ? null : String(id));

/** IPI name numbers in digits only; zeros alone stand for none. */
function ipiOf(given: string | null | undefined): string | null {
  const digits = (given ?? '').replaceAll(/\D/g, '');
  return /[1-9]/.test(digits) ? digits : null;
}

/** A share in percent. Zero means that none was stated. */
function shareOf(given: number | string | null | undefined): number | null {
  const share = Number(given ?? 0);
  return Number.isFinite(share) && share !== 0 ? share : null;
}

/** A search answers with its neighbours too: only recordings under the asked ISRC count. */
export const recordingsFacts = (recordings: WireRecordings, isrc: string): RecordingsFacts => {
  const asked = recordings.filter((recording) => !recording.isrc || isrcOf(recording.isrc) === isrc);
  return { songCodes: [...new Set(asked.flatMap(({ mlcsongCode }) => filled(mlcsongCode) ?? []))] };
};

const writerOf = (writer: WireWriter): WorkWriter => ({
  id: idOf(writer.writerId),
  name: [filled(writer.writerFirstName), filled(writer.writerLastName)].filter((name) => name !== null).join(' '),
  ipi: ipiOf(writer.writerIPI),
  roleCode: idOf(writer.writerRoleCode),
});

export const songsFacts = (songs: WireSongs): SongsFacts => ({
  songs: songs.map(({ mlcSongCode, workTitle, writers }) => ({
    songCode: mlcSongCode,
    title: workTitle,
    writers: writers.map(writerOf),
  })),
});

type Parties = readonly WireParty[] | null | undefined;

/** A chain of administrators, or of parents, as one list: each is followed by its own. */
const chainOf = (parties: Parties, next: (party: WireParty) => Parties): { name: string; ipi: string | null }[] =>
  (parties ?? []).flatMap((party) => {
    const one = { name: party.publisherName?.trim() ?? '', ipi: ipiOf(party.publisherIpiNumber) };
    const isNamed = one.name !== '' || one.ipi !== null;
    return [...(isNamed ? [one] : []), ...chainOf(next(party), next)];
  });

const publisherOf = (publisher: WireWork['publishers'][number]): Publisher => ({
  name: publisher.publisherName,
  ipi: ipiOf(publisher.publisherIpiNumber),
  roleCode: idOf(publisher.publisherRoleCode),
  share: shareOf(publisher.collectionShare),
  administrators: chainOf(publisher.administrators, ({ administrators }) => administrators),
  parents: chainOf(publisher.parentPublishers, ({ parentPublishers }) => parentPublishers),
});

export const workFacts = (work: WireWork): WorkFacts => ({
  songCode: work.mlcSongCode,
  iswc: filled(work.iswc),
  title: work.primaryTitle,
  akas: (work.akas ?? []).flatMap(({ akaTitle }) => filled(akaTitle) ?? []),
  writers: work.writers.map(writerOf),
  publishers: work.publishers.map(publisherOf),
  disputed: false,
});
