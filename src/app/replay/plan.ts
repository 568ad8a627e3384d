import type { Config } from '#app/config.ts';
import type { Connections } from '#app/connect.ts';
import { bulkStoreOf } from '#app/mlc-bulk.ts';
import { providersOf, sharedPorts } from '#app/providers.ts';
import { PACE } from '#phases/shared/phase-stage.ts';
import { stagesOf } from '#phases/stages.ts';
import { rehearsal, type Wanted } from '#providers/rehearsal.ts';
import type { ReplayOrder } from '#replay/order.ts';
import type { ReplayPlan, ReplayPlanProvider } from '#replay/plan.ts';
import type { ReplaySource } from '#replay/ports.ts';
import { selectionWords } from '#replay/selection.ts';
import type { Place } from '#stream/ports.ts';
import { ratesOf } from './rates.ts';
import { rehearse } from './rehearse.ts';

/** Tracks that are looked at together. */
const AT_ONCE = 500;

/** Of a saturated account replays get one slot in twenty (`governor-slots.ts`). */
const REPLAY_SHARE = 0.05;

/** Pages are read only through a browser, and a plan has none. */
const noReader = async () => {
  throw new Error('A plan reads no pages.');
};

/**
 * What a replay would cost if it were started now: the tracks of its source, taken through the very phases that will run, over the
 * ledger as it is. Nobody is asked. Costs a pass over the tracks and their answers in the ledger.
 * @param source of the order's selection, at its beginning; it is closed here
 * @throws when broker, registry or database is lost, and when the signal aborts
 */
export async function planReplay(
  order: ReplayOrder,
  source: ReplaySource,
  connections: Connections,
  config: Config,
  signal: AbortSignal,
): Promise<ReplayPlan> {
  const now = await connections.clock();
  const counting = rehearsal();
  const ports = { ...sharedPorts(config, connections), rehearsal: counting };
  const clients = providersOf(
    config,
    ports,
    config.CREDITS_SCRAPE === 'on' ? noReader : null,
    bulkStoreOf(config, connections),
  );
  const stages = stagesOf(clients, { pace: { ...PACE, freshness: config.FRESHNESS }, writers: config.MAX_WRITERS });
  let tracks = 0;
  let places: readonly Place[] = [];
  try {
    for (;;) {
      signal.throwIfAborted();
      const portion = await source.next(places, AT_ONCE);
      if (portion === null) break;
      places = movedTo(places, portion.next);
      tracks += portion.chosen.length;
      await rehearse(
        stages,
        portion.chosen.map(({ event }) => event),
        order,
        now,
        signal,
      );
    }
  } finally {
    await source.close();
  }
  const rates = await ratesOf(connections.pool, config);
  const providers = summed(counting.told(), rates);
  return {
    selection: selectionWords(order.selection),
    phase: order.phase,
    force: [...order.force],
    tracks,
    providers,
    pages: providers.find(({ provider }) => provider === 'web-player')?.calls ?? 0,
    seconds: longest(providers, tracks, order),
  };
}

const movedTo = (places: readonly Place[], next: Place): readonly Place[] => [
  ...places.filter(({ topic, partition }) => topic !== next.topic || partition !== next.partition),
  next,
];

function summed(wanted: readonly Wanted[], rates: Readonly<Record<string, number>>): ReplayPlanProvider[] {
  return [...Map.groupBy(wanted, ({ provider }) => provider)].map(([provider, kinds]) => {
    const calls = kinds.reduce((sum, kind) => sum + kind.calls, 0);
    const perSecond = rates[provider] ?? 1;
    return {
      provider,
      calls,
      keys: kinds.reduce((sum, { keys }) => sum + keys, 0),
      known: kinds.reduce((sum, { known }) => sum + known, 0),
      perSecond,
      seconds: { alone: calls / perSecond, beside: calls / (perSecond * REPLAY_SHARE) },
    };
  });
}

/** The phases work beside each other, so the slowest of them decides; or the rate that was asked for. */
function longest(
  providers: readonly ReplayPlanProvider[],
  tracks: number,
  { rate }: ReplayOrder,
): ReplayPlan['seconds'] {
  const fed = rate === null ? 0 : tracks / rate;
  const most = (of: (one: ReplayPlanProvider) => number): number => Math.max(fed, ...providers.map(of));
  return { alone: most(({ seconds }) => seconds.alone), beside: most(({ seconds }) => seconds.beside) };
}
