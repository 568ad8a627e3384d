import { SECRET_NAME } from '#providers/contract.ts';
import type { Failure } from '#stream/failure.ts';
import { albumCountsIn } from './album-counts.ts';
import { type CreditsFacts, creditsIn, streamsIn } from './facts.ts';
import { troubleOf } from './verdict.ts';
import type { Seen } from './visit.ts';

/** What one page told, and how: for whoever has to find out what changed in it. */
export type Examined = {
  readonly trackId: string;
  readonly url: string;
  readonly ended: 'read' | 'not_found' | 'restricted' | 'failed';
  readonly failure: Failure | null;
  readonly credits: CreditsFacts | null;
  readonly playCount: number | null;
  /** What the JSON alone and the markup alone would have told. */
  readonly readings: {
    readonly json: { readonly contributors: number | null; readonly playCount: number | null };
    readonly dom: { readonly contributors: number | null; readonly playCount: number | null };
  };
  /** Counts of other tracks of the album. */
  readonly albumCounts: number;
  readonly queries: readonly {
    readonly operation: string | null;
    readonly status: number | null;
    readonly error: string | null;
  }[];
};

const alone = (evidence: Seen['evidence']) => ({
  contributors: creditsIn(evidence)?.people.contributors.length ?? null,
  playCount: streamsIn(evidence)?.playCount ?? null,
});

/** How a visit ended; a page that was read and tells no credits has failed, whatever else it told. */
function endOf({ verdict, visit, visited, evidence }: Seen): Pick<Examined, 'ended' | 'failure'> {
  if (verdict?.kind === 'failed') return { ended: 'failed', failure: verdict.failure };
  if (verdict?.kind === 'not_found' || verdict?.kind === 'restricted') return { ended: verdict.kind, failure: null };
  if (creditsIn(evidence) !== null) return { ended: 'read', failure: null };
  return { ended: 'failed', failure: troubleOf(visit, visited, 'the credits') };
}

export function examined(seen: Seen): Examined {
  const { visit, visited, evidence } = seen;
  const end = endOf(seen);
  const isTrack = end.ended === 'read' || end.ended === 'failed';
  return {
    trackId: visited.trackId,
    url: visited.url,
    ...end,
    credits: isTrack ? creditsIn(evidence) : null,
    playCount: isTrack ? (streamsIn(evidence)?.playCount ?? null) : null,
    readings: {
      json: alone({ ...evidence, dom: null }),
      dom: alone({ track: null, credits: null, dom: evidence.dom }),
    },
    albumCounts: albumCountsIn(visit, visited.trackId).size,
    queries: visit.answers.map(({ operation, status, error }) => ({ operation, status, error })),
  };
}

/** Longer evidence is not written: a page's queries are a few dozen KB. */
const MOST_CHARACTERS = 2_000_000;

/**
 * What was seen of a page as the text of a fixture: the answers to its queries and its markup as read, no headers, no cookies, and
 * nothing under a name that could be a token's.
 * @returns `null` when it is longer than two million characters
 */
export function fixtureOf({ visit }: Seen): string | null {
  const { status, answers, dom, trouble } = visit;
  const text = JSON.stringify(
    { status, answers, dom, trouble },
    (name, value: unknown) => (SECRET_NAME.test(name) ? '[left out]' : value),
    2,
  );
  return text.length > MOST_CHARACTERS ? null : `${text}\n`;
}
