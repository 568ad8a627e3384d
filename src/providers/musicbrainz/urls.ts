import type { Call } from '#providers/call.ts';
import type { CallScope } from '#providers/call-scope.ts';
import { failure } from '#stream/failure.ts';
import { failed, ok, type Result } from '#stream/result.ts';
import { groupsThatFit } from './lucene.ts';
import { type UrlEntity, urlLookup } from './wire.ts';

/** MusicBrainz silently drops the resources after the hundredth. */
const RESOURCES_A_LOOKUP = 100;
const ROOM_FOR_RESOURCES = 7_500;

/** What addresses are related to. */
type Related = 'artist-rels' | 'recording-rels';

/** What the call for an address said of all that it asked for, by address. The calls are as few as fit, one after another. */
export async function eachUrlOf(
  call: Call,
  resources: readonly string[],
  related: Related,
  scope: CallScope,
): Promise<ReadonlyMap<string, Result<readonly UrlEntity[]>>> {
  const looked = new Map<string, Result<readonly UrlEntity[]>>();
  for (const group of groupsThatFit(resources, RESOURCES_A_LOOKUP, ROOM_FOR_RESOURCES, '&resource=')) {
    const answer = await lookUp(call, group, related, scope);
    for (const resource of group) looked.set(resource, answer);
  }
  return looked;
}

/**
 * Looks addresses up, a hundred at once, with their relations. Those that MusicBrainz does not have are missing from the answer.
 * Fails as the calls do; BAD_REQUEST for a refused lookup, UNPARSEABLE for an answer without urls.
 */
export async function urlsOf(
  call: Call,
  resources: readonly string[],
  related: Related,
  scope: CallScope,
): Promise<Result<readonly UrlEntity[]>> {
  const answers = [...new Set((await eachUrlOf(call, resources, related, scope)).values())];
  return answers.find((one) => !one.ok) ?? ok(answers.flatMap((one) => (one.ok ? one.value : [])));
}

/** A single address that is unknown answers 404; among several it is left out. */
async function lookUp(
  call: Call,
  resources: readonly string[],
  related: Related,
  scope: CallScope,
): Promise<Result<readonly UrlEntity[]>> {
  const query = resources.map((resource) => `resource=${encodeURIComponent(resource)}`).join('&');
  const answer = await call({ method: 'GET', path: `/ws/2/url?${query}&inc=${related}&fmt=json`, body: null }, scope);
  if (!answer.ok) return answer;
  const { status, json } = answer.value;
  if (status === 404) return ok([]);
  if (status >= 300) return failed(failure('BAD_REQUEST', `url lookup answered ${status}`));
  const entities = urlLookup.safeParse(json);
  return entities.success
    ? ok(entities.data.urls)
    : failed(failure('UNPARSEABLE', 'musicbrainz url lookup answers no urls with relations'));
}
