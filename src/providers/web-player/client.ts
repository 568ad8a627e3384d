import { z } from 'zod';
import type { Lookup } from '#providers/answer.ts';
import type { CallScope } from '#providers/call-scope.ts';
import { freshnessOf } from '#providers/freshness.ts';
import { loader } from '#providers/loader.ts';
import type { ProviderPorts } from '#providers/provider-ports.ts';
import type { Fetched } from '#providers/source.ts';
import type { Failure } from '#stream/failure.ts';
import { albumCountsIn } from './album-counts.ts';
import { tellDrift } from './drift.ts';
import { fixtureOf } from './examine.ts';
import { type CreditsFacts, creditsIn, pageEvidence, type StreamsFacts, streamsIn } from './facts.ts';
import { hopes } from './hopes.ts';
import type { PageReader } from './page.ts';
import { troubleOf } from './verdict.ts';
import { type Seen, visitor } from './visit.ts';

/** Every lookup is by the 22-character track id. */
export type WebPlayerClient = {
  /** From the page's credits dialog. The same visit fills what `streams` asks the ledger for, even when the credits do not read. */
  readonly credits: Lookup<string, CreditsFacts>;
  /** From the page without its dialog, unless a visit of its page, or of another track of its album, has told the count. */
  readonly streams: Lookup<string, StreamsFacts>;
};

export type WebPlayerConfig = {
  /** `https://open.spotify.com` or its stand-in. */
  readonly webUrl: string;
};

const COMMON = { provider: 'web-player', maxBatch: 1, lingerMs: { live: 0, replay: 0 }, profile: () => 'anonymous' };
const STREAMS = 'streams';

const legible = pageEvidence.refine(
  (evidence) => creditsIn(evidence) !== null,
  'neither its JSON nor its dialog tells the credits',
);
const counted = z.object({ playCount: z.int().nonnegative().nullable() });

/** Spotify's web player, one page a track: there is no API for credits and stream counts. */
export function webPlayerClient(
  { webUrl }: WebPlayerConfig,
  ports: ProviderPorts & { readonly reader: PageReader },
): WebPlayerClient {
  const freshness = freshnessOf(ports);
  const { see, refused } = visitor(webUrl, ports, ports.reader);
  const waiting = hopes();

  const settle = ({ verdict }: Seen): Fetched | Promise<Fetched> | null =>
    verdict?.kind === 'failed' ? refused(verdict.failure) : verdict;

  const keepCounts = async (counts: ReadonlyMap<string, StreamsFacts>): Promise<void> => {
    if (counts.size === 0) return;
    waiting.tell(counts);
    const { provider, profile } = COMMON;
    const answer = { provider, kind: STREAMS, outcome: 'found', fetchedAt: ports.now(), profile: profile() } as const;
    await ports.ledger.store([...counts].map(([key, body]) => ({ ...answer, key, body })));
  };

  /** What was read of a page stays read, whatever becomes of its credits. */
  const keepStreams = (trackId: string, { visit, evidence }: Seen): Promise<void> => {
    const own = streamsIn(evidence);
    const counts = albumCountsIn(visit, trackId);
    return keepCounts(own === null ? counts : new Map([...counts, [trackId, own]]));
  };

  /** What a page tells of its layout, when it was there to be read. */
  const learn = (trackId: string, seen: Seen, trouble: Failure | null): void => {
    if (trouble !== null && trouble.code !== 'UNPARSEABLE') return;
    tellDrift(ports.contract, seen.evidence);
    const fixture = trouble === null || ports.unread === undefined ? null : fixtureOf(seen);
    if (fixture !== null) ports.unread?.(trackId, fixture);
  };

  const fetchCredits = async (trackId: string, scope: CallScope): Promise<Fetched> => {
    const seen = await see(trackId, true, scope);
    const settled = await settle(seen);
    if (settled !== null) return settled;
    await keepStreams(trackId, seen);
    const trouble = creditsIn(seen.evidence) === null ? troubleOf(seen.visit, seen.visited, 'the credits') : null;
    learn(trackId, seen, trouble);
    return trouble === null ? { kind: 'found', body: seen.evidence } : refused(trouble);
  };

  const fetchStreams = async (trackId: string, scope: CallScope): Promise<Fetched> => {
    const hope = waiting.of(trackId);
    const seen = await see(trackId, false, scope, () => hope.told() !== null).finally(hope.end);
    const told = hope.told();
    if (told !== null && seen.visit.trouble !== null) return { kind: 'found', body: told };
    const settled = await settle(seen);
    if (settled !== null) return settled;
    await keepCounts(albumCountsIn(seen.visit, trackId));
    const body = streamsIn(seen.evidence);
    return body === null ? refused(troubleOf(seen.visit, seen.visited, 'the track')) : { kind: 'found', body };
  };

  const credits = loader(
    {
      ...COMMON,
      kind: 'credits',
      brings: [STREAMS],
      freshnessMs: { found: freshness.credits, empty: freshness.creditsEmpty },
      wire: legible,
      read: (evidence) => creditsIn(evidence) ?? neverIllegible(),
      fetchBatch: (trackIds, scope) => Promise.all(trackIds.map((id) => fetchCredits(id, scope))),
    },
    ports,
  );
  const streams = loader<StreamsFacts, StreamsFacts>(
    {
      ...COMMON,
      kind: STREAMS,
      freshnessMs: { found: freshness.streams, empty: freshness.creditsEmpty },
      wire: counted,
      read: (facts) => facts,
      fetchBatch: (trackIds, scope) => Promise.all(trackIds.map((id) => fetchStreams(id, scope))),
    },
    ports,
  );
  return { credits: soonAgainIfEmpty(credits, freshness.creditsEmpty), streams };
}

function neverIllegible(): never {
  throw new Error('evidence passed its schema without credits');
}

/** A page that credits nobody may do so tomorrow, long before credits are asked again for corrections. */
const soonAgainIfEmpty =
  (lookup: Lookup<string, CreditsFacts>, emptyMs: number): Lookup<string, CreditsFacts> =>
  async (trackId, asking) => {
    const answer = await lookup(trackId, asking);
    if (answer.kind !== 'found' || answer.facts.people.contributors.length > 0) return answer;
    const oldest = asking.now - emptyMs;
    if (answer.fetchedAt >= oldest) return answer;
    return lookup(trackId, { ...asking, notBefore: Math.max(oldest, asking.notBefore ?? 0) });
  };
