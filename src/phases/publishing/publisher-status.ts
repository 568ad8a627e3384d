import type { WorkFacts } from '#providers/mlc/facts.ts';
import type { PublisherStatus, PublishingSection, WorkWriter } from '#track/sections/publishing.ts';
import type { Case, StatusQuestion } from './case.ts';
import { evidenceOf } from './evidence.ts';
import { groupCount, hasOutsideAdministrator, isOriginal, ownedBy, statedShares } from './publishers.ts';
import { shared } from './writers.ts';

export type StatusFacts = NonNullable<PublishingSection['status']>['value'];

/** Shares are rounded to hundredths by their sources, thirds add up to 99.99. */
const ROUNDING = 0.5;

const isOwn = ({ work }: Case, publisher: WorkFacts['publishers'][number]): boolean =>
  work.writers.some((writer) => ownedBy(publisher, writer));

const isOfStrangers = ({ work, question: { writers } }: Case): boolean =>
  writers.length > 0 && shared(writers, work.writers).length === 0;

/** The decision table, from the top; the first row that holds decides. */
const ROWS: readonly { readonly status: PublisherStatus; readonly holds: (one: Case) => boolean }[] = [
  { status: 'ambiguous', holds: (one) => isOfStrangers(one) || one.question.doubts.length > 0 },
  { status: 'disputed', holds: ({ question, shares }) => question.disputed || (shares.total ?? 0) > 100 + ROUNDING },
  { status: 'unsigned', holds: ({ originals }) => originals.length === 0 },
  { status: 'self_published', holds: (one) => one.originals.every((publisher) => isOwn(one, publisher)) },
  { status: 'signed', holds: ({ originals }) => groupCount(originals) === 1 },
  { status: 'split', holds: () => true },
];

/** Rows that say the same of every writer of the work. */
const OF_ALL: ReadonlySet<PublisherStatus> = new Set(['ambiguous', 'disputed', 'unsigned']);

/** The service does not say which publisher stands for which writer; only what follows without guessing is said. */
function statusOfWriter(writer: WorkWriter, status: PublisherStatus, partial: boolean, one: Case): PublisherStatus {
  if (OF_ALL.has(status) || one.work.writers.length === 1) return status;
  if (one.originals.some((publisher) => ownedBy(publisher, writer))) return 'self_published';
  return status === 'signed' && !partial ? 'signed' : 'unknown';
}

/** Somebody collects, but the writers own their shares: in the terms of A&R they are not signed. */
function isAdminOnly(status: PublisherStatus, { work, originals }: Case): boolean {
  if (status === 'unsigned') return work.publishers.length > 0;
  return status === 'self_published' && originals.some((publisher) => hasOutsideAdministrator(publisher, work.writers));
}

/**
 * The publisher status of a track by the decision table: unregistered, ambiguous, disputed, unsigned, self_published, signed,
 * split; with `partial` when every publisher states its share and they leave some of the work unclaimed. Never called for an
 * error: an error is no status.
 */
export function publisherStatusOf(question: StatusQuestion): StatusFacts {
  const { work } = question;
  const judgedWith = question.writers.map(({ name }) => name);
  if (work === null) {
    const evidence = [
      'The MLC has no work matched to a recording of this ISRC, and none by this title and these writers.',
    ];
    return { status: 'unregistered', writers: [], partial: false, adminOnly: false, evidence, judgedWith };
  }
  const originals = work.publishers.filter(isOriginal);
  const one: Case = { work, originals, shares: statedShares(originals), question };
  const status = ROWS.find(({ holds }) => holds(one))?.status ?? 'unknown';
  const { total, complete } = one.shares;
  const partial = total !== null && complete && total < 100 - ROUNDING;
  return {
    status,
    writers: work.writers.map((writer) => ({
      name: writer.name,
      ipi: writer.ipi,
      status: statusOfWriter(writer, status, partial, one),
    })),
    partial,
    adminOnly: isAdminOnly(status, one),
    evidence: [...evidenceOf(one)],
    judgedWith,
  };
}
