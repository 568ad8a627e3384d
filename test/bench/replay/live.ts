import { setTimeout as elapsed } from 'node:timers/promises';
import type { KafkaBroker } from '#adapters/kafka/broker.ts';
import type { Codec } from '#adapters/registry/codec.ts';
import { solidTracks } from '#test/support/solid-tracks.ts';
import { aRawTrack } from '#test/support/tracks.ts';
import { within } from '#test/support/within.ts';

/** New tracks that arrive one by one, as from a scraper, for as long as wanted. */
export type LiveTraffic = {
  /** Sends tracks at the pace until the promise settles; returns the ids that were sent, each with its moment. */
  during(what: Promise<unknown>): Promise<ReadonlyMap<string, number>>;
};

const EVERY_MS = 60_000 / 50;
export const LIVE_RUN = 'live';

/** @param most how many there are at most */
export function liveTraffic(broker: KafkaBroker, codec: Codec, most: number): LiveTraffic {
  const ids = solidTracks(most).map(({ id }) => id);
  let next = 0;

  const send = async (): Promise<string> => {
    const id = ids[next];
    if (id === undefined) throw new Error(`There are no more than ${most} live tracks.`);
    next += 1;
    const value = await codec.encode('tracks.raw', aRawTrack({ track: id, observedAt: Date.now(), runId: LIVE_RUN }));
    if (!value.ok) throw new Error(value.failure.message);
    const headers = { 'run-id': LIVE_RUN };
    await broker.produce([{ topic: 'tracks.raw', partition: null, key: Buffer.from(id), value: value.value, headers }]);
    return id;
  };

  return {
    async during(what) {
      const sent = new Map<string, number>();
      let over = false;
      what.then(
        () => {
          over = true;
        },
        () => {
          over = true;
        },
      );
      const begun = performance.now();
      for (let turn = 1; !over; turn += 1) {
        const at = Date.now();
        sent.set(await send(), at);
        await elapsed(Math.max(0, begun + turn * EVERY_MS - performance.now()));
      }
      return sent;
    },
  };
}

/**
 * When each live track came out at the other end, in broker time.
 * @param deadlineMs how long the last of them may take after this is asked
 */
export async function arrivals(
  broker: KafkaBroker,
  wanted: ReadonlySet<string>,
  deadlineMs: number,
): Promise<ReadonlyMap<string, number>> {
  const arrived = new Map<string, number>();
  const from = new Map<number, number>();
  const readOn = async (): Promise<void> => {
    const ends = await broker.reader.ends('tracks.complete');
    const starts = ends.map((end) => ({ ...end, offset: from.get(end.partition) ?? 0 }));
    for await (const { key, partition, offset, headers, timestamp } of broker.reader.read(starts)) {
      from.set(partition, offset + 1);
      if (headers['run-id'] === LIVE_RUN && wanted.has(String(key))) arrived.set(String(key), timestamp);
    }
  };
  await within(
    async () => {
      await readOn();
      return arrived.size === wanted.size;
    },
    deadlineMs,
    () => `${wanted.size - arrived.size} live tracks`,
  );
  return arrived;
}

/** Seconds that a share of the tracks took at most. */
export function percentile(seconds: readonly number[], share: number): number {
  const sorted = seconds.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}
