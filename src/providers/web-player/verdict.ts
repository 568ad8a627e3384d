import { refusalOf } from '#providers/http.ts';
import type { Fetched } from '#providers/source.ts';
import { type Failure, failure } from '#stream/failure.ts';
import { type PageEvidence, trackOf } from './facts.ts';
import type { PageAnswer, PageVisit } from './page.ts';

/** Where and when a page was visited, for the words of a failure. */
export type Visited = { readonly url: string; readonly trackId: string; readonly now: number };

type Refusable = Pick<PageAnswer, 'status' | 'retryAfter'>;

const nothing: Fetched = { kind: 'not_found' };
const failedWith = (why: Failure): Fetched => ({ kind: 'failed', failure: why });

function refusal({ status, retryAfter }: Refusable, what: string, now: number): Failure | null {
  if (status === null || status < 400) return null;
  // The web player has no visitor's rights to refuse: whom it forbids it takes for a robot.
  if (status === 403) return failure('RATE_LIMITED', `${what} answered 403`);
  const headers: Record<string, string> = retryAfter === null ? {} : { 'retry-after': retryAfter };
  return refusalOf({ status, headers, json: null, text: '' }, what, now);
}

function documentVerdict(visit: PageVisit, { url, now }: Visited): Fetched | null {
  const { status } = visit;
  if (status === null || status < 400) return null;
  if (status === 404 || status === 410) return nothing;
  return failedWith(refusal(visit, url, now) ?? failure('BAD_REQUEST', `${url} answered ${status}`));
}

/** A track that may not be shown here comes without name, under "Various Artists"; that is no data (reference: web player). */
function isRestricted(evidence: PageEvidence): boolean {
  const track = trackOf(evidence);
  const { dom } = evidence;
  const name = track?.name ?? dom?.title ?? null;
  if (name === null || name.trim() !== '') return false;
  if (track?.playability?.reason === 'COUNTRY_RESTRICTED') return true;
  const items = [...(track?.firstArtist?.items ?? []), ...(track?.otherArtists?.items ?? [])];
  const artists = items.length > 0 ? items.map(({ profile }) => profile.name) : (dom?.artists ?? []);
  return artists.length > 0 && artists.every((artist) => artist === 'Various Artists');
}

/** How a visit ended when the page did not show the track; `null` when it did, or when it never came to say. */
export function verdictOf(visit: PageVisit, evidence: PageEvidence, visited: Visited): Fetched | null {
  const refused = documentVerdict(visit, visited);
  if (refused !== null) return refused;
  if (visit.dom?.state === 'wall') {
    return failedWith(failure('RATE_LIMITED', `${visited.url}: a captcha stands before the page`));
  }
  const track = trackOf(evidence);
  if (track === null || (track === undefined && visit.dom?.state === 'missing')) return nothing;
  return isRestricted(evidence) ? { kind: 'restricted' } : null;
}

/** Why nothing could be read where something should have been: what the page's own queries met, what cut the visit short, or drift. */
export function troubleOf(visit: PageVisit, { url, trackId, now }: Visited, what: string): Failure {
  const uri = `spotify:track:${trackId}`;
  const own = visit.answers.filter((answer) => answer.uri === null || answer.uri === uri);
  for (const answer of own) {
    const refused = refusal(answer, `${url}: ${answer.operation ?? 'its query'}`, now);
    if (refused !== null) return refused;
  }
  const cut = own.find(({ error }) => error !== null);
  if (cut !== undefined) return failure('CONNECTION', `${url}: ${cut.operation ?? 'its query'}: ${cut.error}`);
  if (visit.trouble !== null) return visit.trouble;
  const silent = own.find(({ status }) => status === null);
  if (silent !== undefined) return failure('TIMEOUT', `${url}: ${silent.operation ?? 'its query'} was not answered`);
  return failure('UNPARSEABLE', `${url}: neither its JSON nor its markup tells ${what}`);
}
