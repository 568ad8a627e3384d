import { answersFor } from '#track/conflict.ts';
import type { TrackEvent } from '#track/event.ts';
import { ipiKey, nameKey } from '#track/names.ts';
import { registeredWork } from '#track/registered-work.ts';
import type { CreditRole } from '#track/sections/credits.ts';
import type { WorkWriter } from '#track/sections/publishing.ts';
import { distinctBy } from './distinct.ts';

/** A writer to be looked for: the name as credited and the IPI name number, when one is known. */
export type Wanted = { readonly name: string; readonly ipi: string | null };

const SONGWRITING: readonly CreditRole[] = ['writer', 'composer', 'lyricist'];

/**
 * The writers of a track as earlier phases know them: those of the credits page, else those of the registered work.
 * IPIs come from the registered work alone, also for writers of the credits page who bear the same name there.
 * @param isrc the resolved ISRC; parts that were asked under another are not used
 * @param most how many writers are wanted
 */
export function creditedWriters(event: TrackEvent, isrc: string | null, most: number): readonly Wanted[] {
  const { credits, publishing } = event.sections;
  const people = credits.people !== null && answersFor(credits.people, event.trackId, isrc) ? credits.people : null;
  const registered = registeredWork(publishing, event.trackId, isrc)?.value.writers ?? [];
  const ipis = ipisByName(registered);
  const credited = (people?.value.contributors ?? []).filter(({ roles }) =>
    roles.some(({ role }) => SONGWRITING.includes(role)),
  );
  const names = (credited.length > 0 ? credited : registered).map(({ name }) => name);
  return distinctBy(
    names.filter((name) => nameKey(name) !== ''),
    nameKey,
  )
    .slice(0, most)
    .map((name) => ({ name, ipi: ipis.get(nameKey(name)) ?? null }));
}

/** IPIs by name key. Two writers of one name with different IPIs cannot be told apart by name, so that name has none. */
function ipisByName(registered: readonly WorkWriter[]): ReadonlyMap<string, string | null> {
  const ipis = new Map<string, string | null>();
  for (const { name, ipi } of registered) {
    const key = nameKey(name);
    const own = ipi === null ? null : ipiKey(ipi);
    ipis.set(key, ipis.has(key) && ipis.get(key) !== own ? null : own);
  }
  return ipis;
}
