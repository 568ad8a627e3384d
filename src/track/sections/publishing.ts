import type { z } from 'zod';
import { flag, fraction, list, maybe, record, symbols, text } from '../shapes.ts';
import { part } from './part.ts';

const administrator = record(
  'Administrator',
  'Who administers a share without owning it, or the parent of a publisher.',
  {
    name: text('Name as given.'),
    ipi: maybe(text('IPI name number.')),
  },
);

export const publisher = record('Publisher', 'A publisher with its share of the work.', {
  name: text('Name as given.'),
  ipi: maybe(text('IPI name number.')),
  roleCode: maybe(text('Role code as given, for example E.')),
  share: maybe(fraction('Collection share in percent; null when not stated (0 is not stated).')),
  administrators: list(administrator, 'Administrators of this share.'),
  parents: list(administrator, 'Parent publishers.'),
});

export const workWriter = record('WorkWriter', 'A writer of the work.', {
  id: maybe(text('Writer id at the provider.')),
  name: text('First and last name as given, joined by one space.'),
  ipi: maybe(text('IPI name number, digits only.')),
  roleCode: maybe(text('Role code as given.')),
});

export const publishingWork = part(
  'PublishingWork',
  'The registered work.',
  record('PublishingWorkFacts', 'The work that matches best.', {
    songCode: text('MLC song code.'),
    iswc: maybe(text('ISWC as given.')),
    title: text('Primary title.'),
    writers: list(workWriter, 'All writers.'),
    publishers: list(publisher, 'Original publishers.'),
    otherSongCodes: list(text('MLC song code.'), 'Other works that match the same recording.'),
  }),
);

/** The A&R question in one word. An error never becomes one of these. */
export const publisherStatus = symbols('PublisherStatus', 'Publisher status by the decision table.', [
  'unregistered',
  'ambiguous',
  'disputed',
  'unsigned',
  'self_published',
  'signed',
  'split',
]);

export const publishingStatus = part(
  'PublishingStatus',
  'What follows from the work, with the evidence.',
  record('PublishingStatusFacts', 'Publisher status.', {
    status: publisherStatus,
    writers: list(
      record('WriterStatus', 'Publisher status of one writer.', {
        name: text('Name as in the work.'),
        ipi: maybe(text('IPI name number.')),
        status: publisherStatus,
      }),
      'Per writer.',
    ),
    partial: flag('True when the known shares leave some of the work unclaimed.'),
    adminOnly: flag('True when a publisher only administers and the writers own their shares.'),
    evidence: list(text('One sentence.'), 'What the status was read from.'),
    judgedWith: list(
      text('Name as a source other than The MLC gives it.'),
      'The writers that the work was compared with; other writers mean another judgement.',
    ),
  }),
);

export const publishingSection = record('PublishingSection', 'What the publishing phase knows.', {
  work: maybe(publishingWork, 'The work.'),
  status: maybe(publishingStatus, 'Publisher status.'),
});

export type Publisher = z.infer<typeof publisher>;
export type WorkWriter = z.infer<typeof workWriter>;
export type PublisherStatus = z.infer<typeof publisherStatus>;
export type PublishingSection = z.infer<typeof publishingSection>;
