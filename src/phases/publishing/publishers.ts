import type { Publisher, WorkWriter } from '#track/sections/publishing.ts';
import { namedAfter } from './names.ts';

type Party = { readonly name: string; readonly ipi: string | null };

/** Role codes of those who collect for an owner without owning: administrators and sub-publishers. */
const COLLECTING: ReadonlySet<string> = new Set(['AM', 'SE', 'PA']);

/** A publisher that owns its share. */
export const isOriginal = ({ roleCode }: Publisher): boolean => !COLLECTING.has((roleCode ?? '').toUpperCase());

/** IPI numbers are written with and without leading zeros. */
const sameIpi = (a: string | null, b: string | null): boolean =>
  a !== null && b !== null && a.replace(/^0+/, '') === b.replace(/^0+/, '');

const isOf = (writer: WorkWriter, party: Party): boolean =>
  sameIpi(party.ipi, writer.ipi) || namedAfter(party.name, writer.name);

/** Whether the publisher is this writer's own company: by IPI or name, or because the writer administers it. */
export const ownedBy = (publisher: Publisher, writer: WorkWriter): boolean =>
  isOf(writer, publisher) || publisher.administrators.some((administrator) => isOf(writer, administrator));

/** Whether somebody other than the writers collects for this publisher. */
export const hasOutsideAdministrator = (publisher: Publisher, writers: readonly WorkWriter[]): boolean =>
  publisher.administrators.some((administrator) => !writers.some((writer) => isOf(writer, administrator)));

const markOf = ({ name, ipi }: Party): string => (ipi === null ? `name:${name.toLowerCase()}` : `ipi:${ipi}`);

/** How many publisher groups there are: those with a common parent, or that are each other's parent, are one. */
export function groupCount(publishers: readonly Publisher[]): number {
  const groups: Set<string>[] = [];
  for (const publisher of publishers) {
    const marks = new Set([publisher, ...publisher.parents].map(markOf));
    const related = groups.filter((group) => !group.isDisjointFrom(marks));
    const merged = related.reduce((all, group) => all.union(group), marks);
    groups.splice(0, groups.length, ...groups.filter((group) => !related.includes(group)), merged);
  }
  return groups.length;
}

/** The stated shares together, in percent; `null` when none is stated. */
export function totalShare(publishers: readonly Publisher[]): number | null {
  const stated = publishers.flatMap(({ share }) => (share === null ? [] : [share]));
  return stated.length === 0 ? null : stated.reduce((sum, share) => sum + share, 0);
}
