import type { Call } from '#providers/call.ts';
import type { CallScope } from '#providers/call-scope.ts';
import { crowd } from '#providers/crowd.ts';
import { gather } from '#providers/gather.ts';
import type { Fetched, Source } from '#providers/source.ts';
import { failure } from '#stream/failure.ts';
import { failed, ok, type Result } from '#stream/result.ts';
import type { FoundLink } from './facts.ts';
import { anyOf, term } from './lucene.ts';
import { search, unanswered } from './search.ts';
import type { Waits } from './search-source.ts';
import { eachUrlOf } from './urls.ts';
import { linksOfKey, type UrlEntity, urlDocument } from './wire.ts';

const ARTISTS_A_SEARCH = 100;
/** Several calls' worth: they are packed as full as their lengths allow. */
const RESOURCES_AT_ONCE = 400;

type Link = { readonly type: string; readonly url: string; readonly ended: boolean };

/**
 * Links by artist MBID. Two steps: the URL search tells which addresses belong to the artists, a hundred artists at once; the URL
 * lookup tells of each, a hundred at once, with whom it is related, how, and whether that has ended. The search index knows
 * nothing of ended links (read in `metabrainz/sir`), so a link that the lookup does not confirm is not believed.
 */
export function linksSource(waits: Waits, call: Call): Source<{ links: Link[] }, readonly FoundLink[]> {
  const confirm = confirmation(call, waits);
  const fetchBatch: Source<unknown, unknown>['fetchBatch'] = async (mbids, scope) => {
    const resources = await resourcesOf(call, mbids, scope);
    if (!resources.ok) return unanswered(mbids, resources.failure);
    if (resources.value === 'too many') return 'split';
    const confirmed = await confirm(resources.value, scope);
    if (!confirmed.ok) return unanswered(mbids, confirmed.failure);
    return mbids.map((mbid) => ofArtist(confirmed.value, mbid));
  };
  return {
    provider: 'musicbrainz',
    kind: 'links-by-artist',
    maxBatch: ARTISTS_A_SEARCH,
    ...waits,
    profile: () => 'public',
    wire: linksOfKey,
    read: ({ links }) => links.filter(({ ended }) => !ended).map(({ type, url }) => ({ type, url })),
    fetchBatch,
  };
}

/** The addresses that the index relates to any of the artists. */
async function resourcesOf(
  call: Call,
  mbids: readonly string[],
  scope: CallScope,
): Promise<Result<readonly string[] | 'too many'>> {
  const query = `targettype:artist AND ${anyOf('targetid', mbids.map(term))}`;
  const found = await search(call, 'url', query, scope);
  if (!found.ok) return found;
  if (!found.value.complete && mbids.length > 1) return ok('too many');
  const urls = urlDocument.array().safeParse(found.value.documents);
  if (!urls.success) return failed(failure('UNPARSEABLE', 'musicbrainz url search: a document without relations'));
  return ok([...new Set(urls.data.map(({ resource }) => resource))]);
}

type Address = { readonly resource: string; readonly scope: CallScope };
type Confirm = (resources: readonly string[], scope: CallScope) => Promise<Result<readonly UrlEntity[]>>;

/** Looks up the addresses of all artists that are asked for at about the same time, so that few calls are not full. */
function confirmation(call: Call, { lingerMs }: Waits): Confirm {
  const lookUp = gather<Address, Result<readonly UrlEntity[]>>(RESOURCES_AT_ONCE, lingerMs.live, async (asked) => {
    const everybody = crowd(asked.map(({ scope }) => scope.signal));
    const lane = asked.some(({ scope }) => scope.lane === 'live') ? 'live' : 'replay';
    const resources = [...new Set(asked.map(({ resource }) => resource))];
    const scope = { lane, signal: everybody.signal } as const;
    const looked = await eachUrlOf(call, resources, 'artist-rels', scope).finally(everybody.close);
    return asked.map(({ resource }) => looked.get(resource) ?? ok([]));
  });
  return async (resources, scope) => {
    const all = await Promise.all(resources.map((resource) => lookUp({ resource, scope })));
    // Addresses of one call share what it said.
    return all.find((one) => !one.ok) ?? ok([...new Set(all.flatMap((one) => (one.ok ? one.value : [])))]);
  };
}

function ofArtist(entities: readonly UrlEntity[], mbid: string): Fetched {
  const links: Link[] = entities.flatMap(({ resource, relations }) =>
    relations.filter(({ artist }) => artist?.id === mbid).map(({ type, ended }) => ({ type, url: resource, ended })),
  );
  return links.length === 0 ? { kind: 'not_found' } : { kind: 'found', body: { links } };
}
