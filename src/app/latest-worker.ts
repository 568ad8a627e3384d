import { setTimeout as elapsed } from 'node:timers/promises';
import { outboxStanding, postgresOutbox } from '#adapters/postgres/latest/outbox.ts';
import { leader } from '#adapters/postgres/leader.ts';
import { FROM_THE_START, type LatestPorts, publishLatest } from '#projector/latest.ts';
import type { Observe } from '#stream/metrics.ts';
import type { TransactionalWriter } from '#stream/ports.ts';
import { LATEST_TOPIC, PROJECTOR_GROUP } from '#track/topology.ts';
import type { Connections } from './connect.ts';
import { maxBytesOf } from './topics/sizes.ts';
import type { Worker } from './worker.ts';

/** One process of all publishes; others stand by. Any number that nobody else locks. */
export const LATEST_LOCK = 7_305_030;

/** Opening it fences whoever published before, though they may believe to lead still. */
const WRITER = `${PROJECTOR_GROUP}.${LATEST_TOPIC}`;

/** Between looks; changes of a track within it are published as one. */
const LOOK_MS = 250;
const TROUBLE_MS = 2_000;
const TELL_MS = 2_000;

type Needs = Pick<Connections, 'pool' | 'broker' | 'codec' | 'log'>;

/**
 * Publishes changed rows on `tracks.latest`, as part of the projector's process. It rests at least as long as it worked, so that a
 * projector which catches up keeps the machine, and what changes several times meanwhile is published once. Trouble never ends it:
 * marks wait in the outbox, and the metrics tell.
 */
export function startLatest({ pool, broker, codec, log }: Needs, observe: Observe): Worker {
  const stop = new AbortController();
  const lead = leader(pool, LATEST_LOCK);
  const ports: LatestPorts = {
    outbox: postgresOutbox(pool),
    encode: codec.encode,
    maxBytes: maxBytesOf()(LATEST_TOPIC),
    refused: (track, { code, message }) => log.error({ track, code, message }, 'latest.refused'),
  };
  let writer: TransactionalWriter | null = null;
  let after = FROM_THE_START;
  let toldAt = Number.NEGATIVE_INFINITY;

  const forget = async (): Promise<void> => {
    const open = writer;
    writer = null;
    after = FROM_THE_START;
    await open?.close();
  };

  const tell = async (): Promise<void> => {
    if (performance.now() - toldAt < TELL_MS) return;
    toldAt = performance.now();
    const { waiting, refused, oldestSeconds } = await outboxStanding(pool);
    observe('linernotes_latest_waiting', {}, waiting);
    observe('linernotes_latest_oldest_seconds', {}, oldestSeconds);
    observe('linernotes_latest_refused', {}, refused);
  };

  const round = async (): Promise<void> => {
    if (!(await lead.mine())) return forget();
    writer ??= await broker.openWriter(WRITER);
    const done = await publishLatest(ports, writer, after);
    if (done === 'lost') return forget();
    after = done.next;
    if (done.published > 0) observe('linernotes_latest_published_total', {}, done.published);
    await tell();
  };

  const untilStopped = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      const began = performance.now();
      const wait = await round().then(
        () => Math.max(LOOK_MS, performance.now() - began),
        async (error: unknown) => {
          log.warn({ error: String(error) }, 'latest.not-published');
          await forget();
          return TROUBLE_MS;
        },
      );
      await elapsed(wait, undefined, { signal: stop.signal }).catch(() => undefined);
    }
    await forget();
    await lead.close();
  };
  const ended = untilStopped();

  return {
    name: 'latest',
    ended,
    drain: async () => {
      stop.abort();
      await ended;
    },
  };
}
