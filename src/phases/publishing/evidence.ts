import type { Case } from './case.ts';
import { groupCount, hasOutsideAdministrator, ownedBy } from './publishers.ts';
import { shared } from './writers.ts';

const counted = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`;

function sharesSentence({ shares: { total, complete } }: Case): string {
  if (total === null) return 'No share is stated.';
  return `${complete ? 'Shares' : 'Those shares that are stated'} add up to ${Math.round(total * 100) / 100} %.`;
}

function writersSentence({ work, question: { writers } }: Case): string {
  if (writers.length === 0) return 'No writer is known from elsewhere to compare with.';
  return `${shared(writers, work.writers).length} of ${counted(writers.length, 'known writer')} wrote the work.`;
}

/** Whose the publishers are; nothing to say when there are none. */
function ownersSentences({ work, originals }: Case): readonly string[] {
  if (originals.length === 0) return work.publishers.length === 0 ? [] : ['Those who are listed only administer.'];
  const own = originals.filter((publisher) => work.writers.some((writer) => ownedBy(publisher, writer)));
  const administered = own.filter((publisher) => hasOutsideAdministrator(publisher, work.writers));
  return [
    `They are ${counted(groupCount(originals), 'group')}; ${own.length} of them belong to writers of the work.`,
    ...(administered.length === 0 ? [] : [`Others administer ${administered.length} of the writers' own.`]),
  ];
}

/** What the status was read from, in sentences for the one who has to believe it. */
export function evidenceOf(one: Case): readonly string[] {
  const { work, originals, question } = one;
  return [
    `Work ${work.songCode} "${work.title}" has ${counted(work.writers.length, 'writer')} and ${counted(originals.length, 'original publisher')}.`,
    ...ownersSentences(one),
    ...(originals.length === 0 ? [] : [sharesSentence(one)]),
    writersSentence(one),
    ...(question.disputed ? ['The work is flagged as disputed.'] : []),
    ...question.doubts,
  ];
}
