import type { Asking } from '#providers/answer.ts';
import type { MusicBrainzClient } from '#providers/musicbrainz/client.ts';
import { ok, type Result } from '#stream/result.ts';
import { nameKey } from '#track/names.ts';
import type { LinkedWriter } from '#track/sections/links.ts';
import { distinctBy } from './distinct.ts';
import { heard } from './heard.ts';
import { kindOf } from './kinds.ts';
import { byIpi, byName, byRecording, byWork, type Identified, isCertain } from './match.ts';
import type { Context } from './recording.ts';
import type { Wanted } from './writers.ts';

/** A writer as far as it is known, with the moment of the oldest answer behind it. */
export type At<Value> = { readonly writer: Value; readonly at: number };

/**
 * Climbs the ladder of `match.ts` for one writer, asking only what the surer rungs left open.
 * Fails as the lookups do: a rung that could not be asked must not hand the writer down to a less certain one.
 */
export async function identify(
  client: MusicBrainzClient,
  wanted: Wanted,
  context: Context,
  asking: Asking,
): Promise<Result<At<Identified>>> {
  const related = byWork(wanted, context.works);
  if (related !== null) return ok({ writer: related, at: context.at });
  if (wanted.ipi !== null) {
    const artists = heard(await client.artistsByIpi(wanted.ipi, asking));
    if (!artists.ok) return artists;
    const bearer = byIpi(wanted, artists.value.facts);
    if (bearer !== null) return ok({ writer: bearer, at: Math.min(context.at, artists.value.at) });
  }
  const credited = byRecording(wanted, context.recordings);
  if (credited !== null) return ok({ writer: credited, at: context.at });
  const namesakes = heard(await client.artistsByName(nameKey(wanted.name), asking));
  if (!namesakes.ok) return namesakes;
  return ok({ writer: byName(wanted, namesakes.value.facts), at: Math.min(context.at, namesakes.value.at) });
}

/** The writer with links, which only a certain match gets. Fails as the lookup does. */
export async function linked(
  client: MusicBrainzClient,
  { writer, at }: At<Identified>,
  asking: Asking,
): Promise<Result<At<LinkedWriter>>> {
  if (writer.mbid === null || !isCertain(writer)) return ok({ writer: { ...writer, links: [] }, at });
  const found = heard(await client.linksByArtist(writer.mbid, asking));
  if (!found.ok) return found;
  const links = found.value.facts.flatMap(({ type, url }) => {
    const kind = kindOf(type, url);
    return kind === null ? [] : [{ kind, url }];
  });
  const distinct = distinctBy(links, ({ kind, url }) => `${kind} ${url}`);
  return ok({ writer: { ...writer, links: [...distinct] }, at: Math.min(at, found.value.at) });
}
