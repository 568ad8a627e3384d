import type { Publisher, WorkWriter } from '#track/sections/publishing.ts';
import { namedAfter, wordsOf } from './names.ts';
import { sameIpi } from './writers.ts';

type Party = { readonly name: string; readonly ipi: string | null };

/** Role codes of those who collect for an owner without owning: administrators and sub-publishers. */
const COLLECTING: ReadonlySet<string> = new Set(['AM', 'SE', 'PA']);

/** A publisher that owns its share. */
export const isOriginal = ({ roleCode }: Publisher): boolean => !COLLECTING.has((roleCode ?? '').toUpperCase());

const isOf = (writer: WorkWriter, party: Party): boolean =>
  sameIpi(party, writer) === true || namedAfter(party.name, writer.name);

/** Whether the publisher is this writer's own company: by IPI or name, or because its chain of administrators leads to the writer. */
export const ownedBy = (publisher: Publisher, writer: WorkWriter): boolean =>
  isOf(writer, publisher) || publisher.administrators.some((administrator) => isOf(writer, administrator));

/** Whether somebody other than the writers collects for this publisher. */
export const hasOutsideAdministrator = (publisher: Publisher, writers: readonly WorkWriter[]): boolean =>
  publisher.administrators.some((administrator) => !writers.some((writer) => isOf(writer, administrator)));

/** One company: by IPI where both state it, else by name. */
const sameParty = (a: Party, b: Party): boolean =>
  sameIpi(a, b) ?? wordsOf(a.name).join(' ') === wordsOf(b.name).join(' ');

/** How many publisher groups there are: those that share a company, themselves or among their parents, are one. */
export function groupCount(publishers: readonly Publisher[]): number {
  const groups: Party[][] = [];
  for (const publisher of publishers) {
    const house: Party[] = [publisher, ...publisher.parents];
    const related = groups.filter((group) => group.some((one) => house.some((other) => sameParty(one, other))));
    const merged = [...related.flat(), ...house];
    groups.splice(0, groups.length, ...groups.filter((group) => !related.includes(group)), merged);
  }
  return groups.length;
}

/** What publishers state together: the sum in percent, `null` when none states a share, and whether each one does. */
export type Shares = { readonly total: number | null; readonly complete: boolean };

export function statedShares(publishers: readonly Publisher[]): Shares {
  const stated = publishers.flatMap(({ share }) => (share === null ? [] : [share]));
  const total = stated.length === 0 ? null : stated.reduce((sum, share) => sum + share, 0);
  return { total, complete: stated.length === publishers.length };
}
