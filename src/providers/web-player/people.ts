import type { Contributor } from '#track/sections/credits.ts';
import type { Dialog } from './page.ts';
import { roleOf } from './roles.ts';
import type { WireContributor } from './wire.ts';

type Credit = { readonly name: string; readonly artistUri: string | null; readonly role: Contributor['roles'][number] };

const ARTIST = /(?:spotify:artist:|\/artist\/)([0-9A-Za-z]{22})(?![0-9A-Za-z])/;

/** The artist's URI out of whatever links the person; a songwriter's page is no artist's. */
function artistUriOf(...links: readonly (string | null | undefined)[]): string | null {
  for (const link of links) {
    const id = ARTIST.exec(link ?? '')?.[1];
    if (id !== undefined) return `spotify:artist:${id}`;
  }
  return null;
}

/** The same name with the same link is one person, once, with all roles. Anything less alike stays apart. */
function contributorsOf(credits: readonly Credit[]): Contributor[] {
  const people = new Map<string, Contributor>();
  for (const { name, artistUri, role } of credits) {
    const key = `${artistUri}\n${name}`;
    const known = people.get(key)?.roles ?? [];
    const isSaid = known.some(({ given, group }) => given === role.given && group === role.group);
    people.set(key, { name, artistUri, roles: isSaid ? known : [...known, role] });
  }
  return [...people.values()];
}

/** Contributors out of the page's JSON: one item is one person in one role. */
export const contributorsInJson = (items: readonly WireContributor[]): Contributor[] =>
  contributorsOf(
    items.map(({ name, role, roleGroup, uri, url, reference }) => {
      const group = roleGroup?.name ?? null;
      const given = role ?? group ?? '';
      return {
        name,
        artistUri: artistUriOf(uri, url, reference?.url),
        role: { given, group, role: roleOf(given, group) },
      };
    }),
  );

/** Contributors out of the dialog: one element is one person. A flat group's heading is the role itself. */
export const contributorsInDialog = ({ groups }: Dialog): Contributor[] =>
  contributorsOf(
    groups.flatMap(({ heading, people }) =>
      people.flatMap(({ name, href, roles }) => {
        if (name === '') return [];
        const given = roles.length > 0 ? roles : [heading];
        const group = roles.length > 0 ? heading : null;
        const artistUri = artistUriOf(href);
        return given.map((one) => ({ name, artistUri, role: { given: one, group, role: roleOf(one, group) } }));
      }),
    ),
  );
