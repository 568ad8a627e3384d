import type { Connections } from '#app/connect.ts';
import { feedStep, groupOf, type Step } from '#replay/feed.ts';
import { sentInAll } from '#replay/progress.ts';
import type { Replay } from '#replay/replay.ts';
import type { Place } from '#stream/ports.ts';
import { sourceOf } from './source.ts';

/** One replay that is being sent, by whoever opened this last: opening it fences every other. */
export type Feeding = {
  readonly sent: () => number;
  readonly exhausted: () => boolean;
  /** Sends at most so many tracks. After `lost` it is of no use any more; open it again. */
  feed(most: number): Promise<Step['kind']>;
  /** Commits its place again as it is: the broker forgets places that nobody has touched for days. */
  keep(): Promise<void>;
  close(): Promise<void>;
};

/**
 * Takes a replay up where it was left.
 * @throws when broker, registry or database is lost
 */
export async function openFeeding(replay: Replay, connections: Connections): Promise<Feeding> {
  const { broker, codec } = connections;
  const group = groupOf(replay.id);
  const source = sourceOf(replay.order.selection, replay.startedAt, connections);
  // The writer first: from here on nobody else moves the place that is read next.
  const writer = await broker.openWriter(group);
  let places: readonly Place[] = await broker.places(group, source.partitions);
  let isExhausted = false;

  return {
    sent: () => sentInAll(places),
    exhausted: () => isExhausted,
    async feed(most) {
      const step = await feedStep(replay, places, most, { writer, source, encode: codec.encode });
      if (step.kind === 'fed') places = [...places.filter((place) => !isSame(place, step.next)), step.next];
      if (step.kind === 'exhausted') isExhausted = true;
      return step.kind;
    },
    async keep() {
      for (const { note, ...next } of places) {
        await writer.commit([], { group, next, ...(note === null ? {} : { note }) });
      }
    },
    async close() {
      await source.close();
      await writer.close();
    },
  };
}

const isSame = (a: Place, b: Place): boolean => a.topic === b.topic && a.partition === b.partition;
