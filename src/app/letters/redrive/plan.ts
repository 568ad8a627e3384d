import { openByPlace } from '#adapters/postgres/redrives.ts';
import type { Config } from '#app/config.ts';
import type { Connections } from '#app/connect.ts';
import { applied } from '#app/operations/applied.ts';
import { maxBytesOf } from '#app/topics/sizes.ts';
import type { LetterItem } from '#feed/letter-ports.ts';
import type { Wanted } from '#providers/rehearsal.ts';
import { PHASES } from '#track/phase.ts';
import { OPERATIONS_TOPIC } from '#track/topology.ts';
import { openIn } from './letters.ts';
import { type Left, leftovers, type RedriveOrder } from './order.ts';
import { type Prepared, prepared } from './prepare.ts';
import { topicsOf } from './redrive.ts';
import { type CallCount, countCalls, valueTopic } from './rehearsal.ts';

/** What a redrive would do if it were started now. */
export type RedrivePlan = {
  /** Letters that would be sent. */
  readonly letters: number;
  /** By dead-letter topic. */
  readonly topics: Readonly<Record<string, number>>;
  readonly left: Left;
  /** A few of those that would be sent; `value` is what a map makes of it. */
  readonly sample: readonly { readonly letter: LetterItem; readonly value: unknown }[];
  /** By provider and kind: calls, and what the ledger answers for nothing. */
  readonly calls: readonly Wanted[];
  /** At the rate, in seconds. */
  readonly seconds: number;
};

const SAMPLE = 3;
const AT_ONCE = 200;

type Ready = Extract<Prepared, { kind: 'ready' }>;

/**
 * Looks at every letter of a redrive as it would be sent, and sends nothing.
 * @returns the plan, or why what is open is not known
 * @throws when broker, registry or database are lost, and when the signal aborts
 */
export async function planRedrive(
  order: RedriveOrder,
  connections: Connections,
  config: Config,
  signal: AbortSignal,
): Promise<RedrivePlan | { readonly refused: string }> {
  const dlqs = topicsOf(order.selection);
  const known = await applied(connections, [OPERATIONS_TOPIC, ...dlqs], { signal });
  if (!known.applied) return { refused: known.message };
  const calls = countCalls(connections, config, await connections.clock(), signal);
  const planning = plan(order, connections, calls);
  const places = await openByPlace(connections.pool, order.selection);
  for (const { topic, partition } of places.filter((place) => dlqs.includes(place.topic))) {
    const stretch = { topic, partition, from: 0, to: Number.MAX_SAFE_INTEGER };
    for await (const portion of openIn(connections, order.selection, stretch, AT_ONCE)) {
      signal.throwIfAborted();
      if (!(await planning.add(portion))) break;
    }
  }
  return planning.told();
}

function plan({ map, maxRedrives, max, rate, probe }: RedriveOrder, { codec }: Connections, calls: CallCount) {
  const preparing = { ...codec, maxBytes: maxBytesOf(), map, maxRedrives, redrive: 'plan', probe };
  const left = leftovers();
  const topics: Record<string, number> = {};
  const sample: RedrivePlan['sample'][number][] = [];
  let letters = 0;

  const sentValue = async ({ letter, record }: Ready): Promise<unknown> => {
    const decoded = await codec.decode(valueTopic(letter, map !== null), record.value);
    return decoded.ok ? decoded.value : null;
  };

  const count = async (ready: readonly Ready[]): Promise<void> => {
    const valued = await Promise.all(ready.map(async (one) => ({ letter: one.letter, value: await sentValue(one) })));
    sample.push(...valued.slice(0, SAMPLE - sample.length));
    for (const { letter } of ready) topics[letter.topic] = (topics[letter.topic] ?? 0) + 1;
    letters += ready.length;
    for (const phase of PHASES) {
      const values = valued.filter(({ letter }) => letter.phase === phase).map(({ value }) => value);
      if (values.length > 0) await calls.add(phase, values);
    }
  };

  return {
    /** @returns whether there is room for more */
    async add(portion: Parameters<typeof each>[0]): Promise<boolean> {
      const made = await each(portion, preparing);
      for (const one of made) if (one.kind === 'left') left.add(one.left);
      const room = max === null ? made.length : max - letters;
      await count(made.filter((one) => one.kind === 'ready').slice(0, room));
      return max === null || letters < max;
    },
    told: (): RedrivePlan => ({
      letters,
      topics: { ...topics },
      left: left.told(),
      sample: [...sample],
      calls: calls.told(),
      seconds: letters / rate,
    }),
  };
}

type Portion = readonly { readonly letter: LetterItem; readonly record: Parameters<typeof prepared>[1] }[];

const each = (portion: Portion, preparing: Parameters<typeof prepared>[2]): Promise<readonly Prepared[]> =>
  Promise.all(portion.map(({ letter, record }) => prepared(letter, record, preparing)));
