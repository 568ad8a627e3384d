import type { Answer, Asking } from './answer.ts';
import type { CallScope } from './call-scope.ts';
import { claims } from './claims.ts';
import type { Mismatch } from './contract.ts';
import { type Crowd, crowd } from './crowd.ts';
import { gather } from './gather.ts';
import type { ProviderPorts } from './provider-ports.ts';
import { type Fetched, type Source, settled, unread } from './source.ts';

/** Who waits for a key, and for which runs. */
type Waiting = { readonly crowd: Crowd; readonly runs: Set<string> };
type Wanted = Waiting & { readonly key: string };
type Flight<Facts> = Waiting & { readonly answer: Promise<Answer<Facts>> };

/** The calls of one lane: what is under way, and how to set out. */
export type Flights<Facts> = {
  /** Joins those who wait for this key already; `null` when nobody does. */
  join(key: string, asking: Asking): Promise<Answer<Facts>> | null;
  /** Has the key asked of the provider, together with others, unless another process is asking: then waits for its answer. */
  start(key: string, asking: Asking): Promise<Answer<Facts>>;
};

/** Asks for the keys, halving as often as the source splits; every part is stored as soon as it has arrived. */
async function fetchStored<Wire, Facts>(
  source: Source<Wire, Facts>,
  ports: ProviderPorts,
  keys: readonly string[],
  scope: CallScope,
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
  noteContract(
    source,
    ports,
    fetched,
    results.flatMap(({ mismatches }) => mismatches),
  );
  const entries = results.flatMap(({ entry }) => (entry === null ? [] : [entry]));
  if (entries.length > 0) await ports.ledger.store(entries);
  return results.map(({ answer }) => answer);
}

/** Tells the watch over contracts what was held against its shape, and what did not fit. */
function noteContract(
  source: Pick<Source<unknown, unknown>, 'provider' | 'kind'>,
  { contract }: ProviderPorts,
  fetched: readonly Fetched[],
  mismatches: readonly Mismatch[],
): void {
  if (contract === undefined) return;
  const drifted = unread(source, fetched);
  const answers = fetched.filter(({ kind }) => kind === 'found').length + drifted.length;
  if (answers > 0) contract.checked(source.provider, source.kind, answers);
  for (const mismatch of [...mismatches, ...drifted]) contract.mismatched(mismatch);
}

/** The calls of one lane. A key that is under way, here or in another process, is never asked a second time. */
export function flights<Wire, Facts>(
  source: Source<Wire, Facts>,
  ports: ProviderPorts,
  lane: 'live' | 'replay',
): Flights<Facts> {
  const underway = new Map<string, Flight<Facts>>();
  const { obtain, release } = claims(source, ports.ledger, lane);

  const ask = gather<Wanted, Answer<Facts>>(source.maxBatch, source.lingerMs[lane], async (wanted) => {
    const everybody = crowd(wanted.map((one) => one.crowd.signal));
    const keys = wanted.map(({ key }) => key);
    const runs = () => [...new Set(wanted.flatMap((one) => [...one.runs]))];
    return fetchStored(source, ports, keys, { lane, signal: everybody.signal, runs }).finally(everybody.close);
  });

  const join = (key: string, { signal, run }: Asking): Promise<Answer<Facts>> | null => {
    const flight = underway.get(key);
    // A call that everybody has left may never be made.
    if (flight === undefined || flight.crowd.signal.aborted) return null;
    flight.crowd.join(signal);
    if (run !== undefined) flight.runs.add(run);
    return flight.answer;
  };

  const askOrWait = async (key: string, asking: Asking, waiting: Waiting): Promise<Answer<Facts>> => {
    const theirs = await obtain(key, asking, waiting.crowd.signal);
    return theirs ?? ask({ key, ...waiting }).finally(() => release(key));
  };

  const start = (key: string, asking: Asking): Promise<Answer<Facts>> => {
    const waiting = { crowd: crowd([asking.signal]), runs: new Set(asking.run === undefined ? [] : [asking.run]) };
    const flight: Flight<Facts> = {
      ...waiting,
      answer: askOrWait(key, asking, waiting).finally(() => {
        waiting.crowd.close();
        if (underway.get(key) === flight) underway.delete(key);
      }),
    };
    underway.set(key, flight);
    return flight.answer;
  };

  return { join, start };
}
