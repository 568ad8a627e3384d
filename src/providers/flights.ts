import type { Answer } from './answer.ts';
import { type Crowd, crowd } from './crowd.ts';
import { gather } from './gather.ts';
import type { ProviderPorts } from './ports.ts';
import { type Source, settled } from './source.ts';

type Wanted = { readonly key: string; readonly crowd: Crowd };
type Flight<Facts> = { readonly answer: Promise<Answer<Facts>>; readonly crowd: Crowd };

/** The calls of one lane: what is under way, and how to set out. */
export type Flights<Facts> = {
  /** Joins those who wait for this key already; `null` when nobody does. */
  join(key: string, signal: AbortSignal): Promise<Answer<Facts>> | null;
  /** Has the key asked of the provider, together with others. */
  start(key: string, signal: AbortSignal): Promise<Answer<Facts>>;
};

/** Asks for the keys, halving as often as the source splits; every part is stored as soon as it has arrived. */
async function fetchStored<Wire, Facts>(
  source: Source<Wire, Facts>,
  ports: ProviderPorts,
  keys: readonly string[],
  scope: { readonly lane: 'live' | 'replay'; readonly signal: AbortSignal },
): Promise<readonly Answer<Facts>[]> {
  const fetched = await source.fetchBatch(keys, scope);
  if (fetched === 'split') {
    if (keys.length < 2) throw new Error(`${source.provider} ${source.kind}: a single key cannot be split`);
    const middle = Math.ceil(keys.length / 2);
    const halves = [keys.slice(0, middle), keys.slice(middle)];
    return (await Promise.all(halves.map((half) => fetchStored(source, ports, half, scope)))).flat();
  }
  if (fetched.length !== keys.length) {
    throw new Error(`${source.provider} ${source.kind}: ${fetched.length} results for ${keys.length} keys`);
  }
  const fetchedAt = ports.now();
  const results = fetched.map((one, index) => settled(source, keys[index] ?? '', one, fetchedAt));
  const entries = results.flatMap(({ entry }) => (entry === null ? [] : [entry]));
  if (entries.length > 0) await ports.ledger.store(entries);
  return results.map(({ answer }) => answer);
}

/** The calls of one lane. A key that is under way is never asked a second time. */
export function flights<Wire, Facts>(
  source: Source<Wire, Facts>,
  ports: ProviderPorts,
  lane: 'live' | 'replay',
): Flights<Facts> {
  const underway = new Map<string, Flight<Facts>>();

  const ask = gather<Wanted, Answer<Facts>>(source.maxBatch, source.lingerMs[lane], async (wanted) => {
    const everybody = crowd(wanted.map((one) => one.crowd.signal));
    const keys = wanted.map(({ key }) => key);
    return fetchStored(source, ports, keys, { lane, signal: everybody.signal }).finally(everybody.close);
  });

  const join = (key: string, signal: AbortSignal): Promise<Answer<Facts>> | null => {
    const flight = underway.get(key);
    // A call that everybody has left may never be made.
    if (flight === undefined || flight.crowd.signal.aborted) return null;
    flight.crowd.join(signal);
    return flight.answer;
  };

  const start = (key: string, signal: AbortSignal): Promise<Answer<Facts>> => {
    const waiting = crowd([signal]);
    const flight: Flight<Facts> = {
      crowd: waiting,
      answer: ask({ key, crowd: waiting }).finally(() => {
        waiting.close();
        if (underway.get(key) === flight) underway.delete(key);
      }),
    };
    underway.set(key, flight);
    return flight.answer;
  };

  return { join, start };
}
