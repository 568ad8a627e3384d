import { isrcOf } from '#track/identity.ts';
import type { Publisher, PublishingSection, WorkWriter } from '#track/sections/publishing.ts';
import type { WireRecordings, WireWork } from './wire.ts';

/** The songs that recordings under one ISRC are matched to; none when The MLC has the recording but no song for it. */
export type RecordingsFacts = { readonly songCodes: readonly string[] };

/** A registered work, without the other works that match the same recording. */
export type WorkFacts = Omit<NonNullable<PublishingSection['work']>['value'], 'otherSongCodes'>;

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

const writerOf = (writer: WireWork['writers'][number]): WorkWriter => ({
  id: idOf(writer.writerId),
  name: [filled(writer.writerFirstName), filled(writer.writerLastName)].filter((name) => name !== null).join(' '),
  ipi: ipiOf(writer.writerIPI),
  roleCode: idOf(writer.writerRoleCode),
});

type WirePublisher = WireWork['publishers'][number];
const partiesOf = (parties: WirePublisher['administrators']) =>
  (parties ?? []).map((party) => ({ name: party.publisherName ?? '', ipi: ipiOf(party.publisherIpiNumber) }));

const publisherOf = (publisher: WirePublisher): Publisher => ({
  name: publisher.publisherName,
  ipi: ipiOf(publisher.publisherIpiNumber),
  roleCode: idOf(publisher.publisherRoleCode),
  share: shareOf(publisher.collectionShare),
  administrators: partiesOf(publisher.administrators),
  parents: partiesOf(publisher.parentPublishers),
});

export const workFacts = (work: WireWork): WorkFacts => ({
  songCode: work.mlcSongCode,
  iswc: filled(work.iswc),
  title: work.primaryTitle,
  writers: work.writers.map(writerOf),
  publishers: work.publishers.map(publisherOf),
});
