import { admission } from '#providers/admission.ts';
import type { CallScope } from '#providers/call-scope.ts';
import type { ProviderPorts } from '#providers/provider-ports.ts';
import type { Fetched } from '#providers/source.ts';
import { type Failure, failure } from '#stream/failure.ts';
import { evidenceOf, type PageEvidence } from './facts.ts';
import type { PageReader, PageVisit } from './page.ts';
import { type Visited, verdictOf } from './verdict.ts';

/** The governor's budget of this provider: pages, by address. */
export const WEB_PLAYER_ACCOUNT = 'web-player';

/** For how long nobody visits when the web player refuses visits without saying until when. */
const SILENT_PAUSE_MS = 60_000;

/** A visit of a track's page, and what its end means by itself (`null`: read the evidence). */
export type Seen = {
  readonly visit: PageVisit;
  readonly visited: Visited;
  readonly evidence: PageEvidence;
  readonly verdict: Fetched | null;
};

export type Visitor = {
  /** @param isNeedless looked at when a tab is free: whether the page need not be read any more; the visit then ends in trouble */
  see(trackId: string, credits: boolean, scope: CallScope, isNeedless?: () => boolean): Promise<Seen>;
  /** The failure as a result; where it refuses visits, all workers keep away until its moment. */
  refused(why: Failure): Promise<Fetched>;
};

/** Visits pages of the web player, each with a slot of the governor that is taken when a tab is free. */
export function visitor(webUrl: string, ports: ProviderPorts, read: PageReader): Visitor {
  const { governor, now } = ports;
  const heardOfPause = new WeakSet<Failure>();

  const admitted = (scope: CallScope, isNeedless: () => boolean) => async (): Promise<Failure | null> => {
    if (isNeedless()) return failure('BROWSER', 'the page was not needed any more');
    const slot = await admission(governor, WEB_PLAYER_ACCOUNT, scope, now);
    if (slot.kind === 'granted') {
      slot.used?.('written');
      return null;
    }
    const why = failure('RATE_LIMITED', `${WEB_PLAYER_ACCOUNT} is paused: ${slot.reason}`, slot.until - now());
    heardOfPause.add(why);
    return why;
  };

  const refused = async (why: Failure): Promise<Fetched> => {
    const { code, message, retryAfterMs } = why;
    const pauses = code === 'RATE_LIMITED' || (code === 'PROVIDER_DOWN' && retryAfterMs !== null);
    if (pauses && !heardOfPause.has(why)) {
      await governor.pause(WEB_PLAYER_ACCOUNT, now() + (retryAfterMs ?? SILENT_PAUSE_MS), message);
    }
    return { kind: 'failed', failure: why };
  };

  return {
    refused,
    see: async (trackId, credits, scope, isNeedless = () => false) => {
      const url = `${webUrl}/track/${encodeURIComponent(trackId)}`;
      const visit = await read({ url, credits, scope, admit: admitted(scope, isNeedless) });
      const visited = { url, trackId, now: now() };
      const evidence = evidenceOf(visit, trackId);
      return { visit, visited, evidence, verdict: verdictOf(visit, evidence, visited) };
    },
  };
}
