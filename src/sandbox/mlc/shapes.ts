import type { Catalogue } from '../catalogue/catalogue.ts';
import type { Writer } from '../catalogue/people.ts';
import type { Publisher } from '../catalogue/publishers.ts';
import type { Recording } from '../catalogue/recordings.ts';
import type { Share } from '../catalogue/shares.ts';
import type { Part, Work } from '../catalogue/works.ts';

// Real values of this code are unverified; these are the registries' usual ones (composer, author, both).
const roleCodes: Readonly<Record<Part, string>> = { composer: 'C', lyricist: 'A', 'composer-lyricist': 'CA' };

/** A registered work by number, with 1 for the duplicate registration of the same song. */
export type Registration = { work: Work; registration: 0 | 1; code: string };

/** Registries print names in capitals for some writers, and without marks. */
function registered(text: string, writer: Writer): string {
  if (writer.number % 5 > 1) return text;
  return text
    .toUpperCase()
    .normalize('NFD')
    .replace(/(?<=[A-Z])\p{M}/gu, '');
}

const writerShape = ({ writer, part }: Work['writers'][number], index: number): object => ({
  writerId: String(500_000 + writer.number),
  writerFirstName: registered(writer.name.first, writer),
  writerLastName: registered(writer.name.last, writer),
  writerIPI: writer.ipi ?? '',
  writerRoleCode: roleCodes[part],
  chainId: String(index + 1),
});

/** One recording of a work, as the recordings search lists it. Mind `mlcsongCode`: the small s is the service's own. */
export const recordingShape = (recording: Recording, isrc: string, { code, registration }: Registration): object => ({
  id: `R${recording.number}-${registration}`,
  isrc,
  title: recording.title,
  artist: recording.artists.map(({ name }) => name).join(' / '),
  labels: recording.album.label,
  mlcsongCode: code,
});

/** One hit of the song search. */
export const songShape = ({ work, code }: Registration): object => ({
  iswc: work.iswc ?? '',
  mlcSongCode: code,
  workTitle: work.title.toUpperCase(),
  writers: work.writers.map(writerShape),
});

/** A whole work. The duplicate registration knows the first writer only and no publisher. */
export function workShape(catalogue: Catalogue, { work, registration, code }: Registration): object {
  const writers = registration === 1 ? work.writers.slice(0, 1) : work.writers;
  return {
    mlcSongCode: code,
    iswc: registration === 1 ? '' : (work.iswc ?? ''),
    primaryTitle: registration === 1 ? work.title : work.title.toUpperCase(),
    artists: work.artist.name,
    akas: work.number % 6 === 0 ? [{ akaId: `${code}-1`, akaTitle: `${work.title} (Alternative)` }] : [],
    writers: writers.map(writerShape),
    publishers: registration === 1 ? [] : catalogue.shares(work).map(shareShape),
  };
}

const shareShape = (share: Share, index: number): object => ({
  ...publisherShape(share.publisher, share.role, index),
  collectionShare: share.percent,
  administrators: administratorShapes(share.administrators, share.percent, index),
  parentPublishers: share.parents.map((one) => ({
    ...publisherShape(one, 'E', index),
    collectionShare: 0,
    administrators: [],
    parentPublishers: [],
  })),
});

/** Each administrator stands within the one it collects for. */
function administratorShapes(chain: readonly Publisher[], percent: number, index: number): readonly object[] {
  const [first, ...rest] = chain;
  if (first === undefined) return [];
  return [
    {
      ...publisherShape(first, 'AM', index),
      collectionShare: percent,
      administrators: administratorShapes(rest, percent, index),
      parentPublishers: [],
    },
  ];
}

const publisherShape = (publisher: Publisher, role: string, index: number): object => ({
  publisherId: publisher.id,
  publisherName: publisher.name,
  publisherIpiNumber: publisher.ipi ?? '',
  publisherRoleCode: role,
  mlcPublisherNumber: publisher.mlcNumber,
  chainId: String(index + 1),
});
