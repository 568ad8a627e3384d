import type { stagesOf } from '#phases/stages.ts';
import { asRawTrack } from '#replay/event.ts';
import { phasesFrom, type ReplayOrder } from '#replay/order.ts';
import type { Message } from '#stream/message.ts';
import type { Stage } from '#stream/stage.ts';
import type { TrackEvent } from '#track/event.ts';
import { PHASES } from '#track/phase.ts';

type Stages = ReturnType<typeof stagesOf>;

/** As one message of the replay would come, wherever it will stand. */
const messageOf = <Event>(event: Event, { force }: ReplayOrder, now: number): Message<Event> => ({
  event,
  envelope: {
    id: 'plan',
    runId: null,
    traceparent: null,
    force: force.length === 0 ? null : { phases: force, since: now },
  },
  lane: 'replay',
  position: { topic: 'plan', partition: 0, offset: 0 },
  headers: {},
});

/** What goes on from a stage; the trouble of a plan is that of the bytes it was given, and is left out. */
async function through<In>(
  { handle }: Stage<In, TrackEvent>,
  events: readonly In[],
  order: ReplayOrder,
  now: number,
  signal: AbortSignal,
): Promise<readonly TrackEvent[]> {
  if (events.length === 0) return [];
  const batch = events.map((event) => messageOf(event, order, now));
  const outcomes = await handle(batch, { signal, now, lane: 'replay', attempt: 1, closed: null });
  return outcomes.flatMap((outcome) => ('event' in outcome ? [outcome.event] : []));
}

/**
 * Takes events through the phases of a replay as they will run, over clients that ask nobody and count.
 * @param stages over clients with a rehearsal among their ports
 */
export async function rehearse(
  stages: Stages,
  events: readonly TrackEvent[],
  order: ReplayOrder,
  now: number,
  signal: AbortSignal,
): Promise<void> {
  let going = events;
  for (const phase of phasesFrom(order.phase, PHASES)) {
    going =
      phase === 'spotify'
        ? await through(stages.spotify, going.map(asRawTrack), order, now, signal)
        : await through(stages[phase], going, order, now, signal);
  }
}
