import type { WorkFacts } from '#providers/mlc/facts.ts';
import type { PublisherStatus, PublishingSection, WorkWriter } from '#track/sections/publishing.ts';
import { sameName } from './names.ts';
import { groupCount, hasOutsideAdministrator, isOriginal, ownedBy, totalShare } from './publishers.ts';

export type StatusFacts = NonNullable<PublishingSection['status']>['value'];

export type StatusQuestion = {
  /** `null`: The MLC answered and has no work for the recording. An error is no `null`: then there is nothing to decide. */
  readonly work: WorkFacts | null;
  /** Names of the track's writers from other sources; empty while none is known. */
  readonly writers: readonly string[];
  /** A dispute flag, from sources that have one. */
  readonly disputed: boolean;
};

/** Shares are rounded to hundredths by their sources, thirds add up to 99.99. */
const ROUNDING = 0.5;

type Case = {
  readonly work: WorkFacts;
  readonly originals: WorkFacts['publishers'];
  readonly total: number | null;
  readonly question: StatusQuestion;
};

const isOwn = ({ work }: Case, publisher: WorkFacts['publishers'][number]): boolean =>
  work.writers.some((writer) => ownedBy(publisher, writer));

const overlaps = ({ work, question }: Case): boolean =>
  question.writers.length === 0 ||
  question.writers.some((name) => work.writers.some((writer) => sameName(name, writer.name)));

/** The decision table, from the top; the first row that holds decides. */
const ROWS: readonly { readonly status: PublisherStatus; readonly holds: (one: Case) => boolean }[] = [
  { status: 'ambiguous', holds: (one) => !overlaps(one) },
  { status: 'disputed', holds: ({ question, total }) => question.disputed || (total ?? 0) > 100 + ROUNDING },
  { status: 'unsigned', holds: ({ originals }) => originals.length === 0 },
  { status: 'self_published', holds: (one) => one.originals.every((publisher) => isOwn(one, publisher)) },
  { status: 'signed', holds: ({ originals }) => groupCount(originals) === 1 },
  { status: 'split', holds: () => true },
];

/** The service does not say which publisher stands for which writer; only what follows without guessing is said. */
function statusOfWriter(writer: WorkWriter, status: PublisherStatus, partial: boolean, one: Case): PublisherStatus {
  if (status === 'ambiguous' || status === 'disputed' || status === 'unsigned') return status;
  if (one.originals.some((publisher) => ownedBy(publisher, writer))) return 'self_published';
  const coversAll = !partial || one.work.writers.length === 1;
  return status === 'signed' && coversAll ? 'signed' : 'unknown';
}

/** Somebody collects, but the writers own their shares: in the terms of A&R they are not signed. */
function isAdminOnly(status: PublisherStatus, { work, originals }: Case): boolean {
  if (status === 'unsigned') return work.publishers.length > 0;
  return status === 'self_published' && originals.some((publisher) => hasOutsideAdministrator(publisher, work.writers));
}

function evidenceOf({ work, originals, total, question }: Case): string[] {
  const known = question.writers.filter((name) => work.writers.some((writer) => sameName(name, writer.name)));
  return [
    `Work ${work.songCode} "${work.title}" has ${work.writers.length} writers and ${originals.length} original publishers.`,
    total === null ? 'No share is stated.' : `Stated shares add up to ${Math.round(total * 100) / 100} %.`,
    question.writers.length === 0
      ? 'No writer is known from elsewhere to compare with.'
      : `${known.length} of ${question.writers.length} known writers are writers of the work.`,
  ];
}

/**
 * The publisher status of a track by the decision table: unregistered, ambiguous, disputed, unsigned, self_published, signed,
 * split; with `partial` when stated shares leave some of the work unclaimed. Never called for an error: an error is no status.
 */
export function publisherStatusOf(question: StatusQuestion): StatusFacts {
  const { work } = question;
  if (work === null) {
    const evidence = ['The MLC has no work matched to a recording of this ISRC.'];
    return { status: 'unregistered', writers: [], partial: false, adminOnly: false, evidence };
  }
  const originals = work.publishers.filter(isOriginal);
  const one: Case = { work, originals, total: totalShare(originals), question };
  const status = ROWS.find(({ holds }) => holds(one))?.status ?? 'unknown';
  const partial = one.total !== null && one.total < 100 - ROUNDING;
  return {
    status,
    writers: work.writers.map((writer) => ({
      name: writer.name,
      ipi: writer.ipi,
      status: statusOfWriter(writer, status, partial, one),
    })),
    partial,
    adminOnly: isAdminOnly(status, one),
    evidence: evidenceOf(one),
  };
}
