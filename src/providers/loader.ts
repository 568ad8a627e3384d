import type { Failure } from '#stream/failure.ts';
import type { Answer, Asked, Asking, Lookup } from './answer.ts';
import { waitWhile } from './crowd.ts';
import { flights } from './flights.ts';
import type { ProviderPorts } from './provider-ports.ts';
import { recall } from './recall.ts';
import { rehearsed } from './rehearsal.ts';
import type { Source } from './source.ts';

type Found<Facts> = readonly [how: Asked['how'], answer: Answer<Facts>];

/**
 * The one way to ask a provider: by key, from as many places at once as you like.
 * - A key that is under way is joined, not asked again, also when another process has asked. A live question does not join a
 *   replay's call, which may wait long.
 * - The ledger is asked first; what it has and still counts makes no call.
 * - What is left goes out in batches up to the provider's maximum, after a short linger; each answer is stored as it arrives.
 * - While the provider is closed to the asker, what the ledger has is all there is; no call is made or joined.
 * - Aborting the asker rejects with the signal's reason and ends its wait; a call that has left goes on and is stored. A call
 *   that still waits for its slot is given up when nobody waits for it any more.
 * @returns answers; trouble is `failed`. Rejects on abort, on a bug, and when the ledger or the governor is lost.
 */
export function loader<Wire, Facts>(source: Source<Wire, Facts>, ports: ProviderPorts): Lookup<string, Facts> {
  if (ports.rehearsal !== undefined) return rehearsed(source, ports.ledger, ports.rehearsal);
  const remember = recall(source, ports.ledger);
  const live = flights(source, ports, 'live');
  const replay = flights(source, ports, 'replay');
  const lanes = { live, replay };

  const join = (key: string, asking: Asking): Promise<Answer<Facts>> | null =>
    live.join(key, asking) ?? (asking.lane === 'replay' ? replay.join(key, asking) : null);

  /** Nobody may be called: what the ledger has is all there is. */
  const findClosed = async (key: string, asking: Asking, closed: Failure): Promise<Found<Facts>> => {
    const stored = await remember(key, asking);
    return stored === null ? ['closed', { kind: 'failed', failure: closed }] : ['ledger', stored];
  };

  const findOpen = async (key: string, asking: Asking): Promise<Found<Facts>> => {
    const underway = join(key, asking);
    if (underway !== null) return ['joined', await underway];
    const stored = await remember(key, asking);
    if (stored !== null) return ['ledger', stored];
    asking.signal.throwIfAborted();
    const begun = join(key, asking);
    if (begun !== null) return ['joined', await begun];
    return ['asked', await lanes[asking.lane].start(key, asking)];
  };

  const find = (key: string, asking: Asking): Promise<Found<Facts>> =>
    asking.closed ? findClosed(key, asking, asking.closed) : findOpen(key, asking);

  return async (key, asking) => {
    const [how, answer] = await waitWhile(asking.signal, find(key, asking));
    const code = answer.kind === 'failed' ? answer.failure.code : null;
    asking.told?.({ provider: source.provider, kind: source.kind, key, how, outcome: answer.kind, code });
    return answer;
  };
}
