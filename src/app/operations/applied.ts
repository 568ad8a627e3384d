import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'pg';
import type { Connections } from '#app/connect.ts';
import type { LogReader } from '#stream/ports.ts';
import type { Position } from '#stream/record.ts';
import { OPERATIONS_TOPIC } from '#track/topology.ts';

/** Whether the read model knows all that stands in the log, or why it cannot be waited for. */
export type Applied = { readonly applied: true } | { readonly applied: false; readonly message: string };

/** `patienceMs`: how long the projector may stand still before it counts as gone. */
export type Waiting = { readonly patienceMs?: number; readonly signal?: AbortSignal };

type Ports = Pick<Connections, 'pool'> & { readonly broker: { readonly reader: LogReader } };

const POLL_MS = 100;

/** A projector that starts gets its partitions within a session timeout. */
const PATIENCE_MS = 30_000;

const NEXT = `
  select c.partition, c.next_offset as next from linernotes.checkpoints c join linernotes.read_models m on m.name = c.projection
  where m.state = 'live' and c.topic = $1 and c.next_offset is not null`;

const placeOf = ({ topic, partition }: Omit<Position, 'offset'>): string => `${topic}/${partition}`;

/** Where the live read model stands on each partition of these topics; 0 where it has applied nothing. */
async function standing(pool: Pool, topics: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const places = await Promise.all(
    topics.map(async (topic) => {
      const { rows } = await pool.query<{ partition: number; next: number }>(NEXT, [topic]);
      return rows.map(({ partition, next }): [string, number] => [placeOf({ topic, partition }), next]);
    }),
  );
  return new Map(places.flat());
}

/** The last record of each partition that is not applied yet, as the log is now. The ends of transactions take up offsets too. */
async function missing({ pool, broker: { reader } }: Ports, topics: readonly string[]): Promise<readonly Position[]> {
  const at = await standing(pool, topics);
  const ends = (await Promise.all(topics.map((topic) => reader.ends(topic)))).flat();
  const behind = ends
    .map((end) => ({ ...end, from: at.get(placeOf(end)) ?? 0 }))
    .filter(({ from, offset }) => from < offset);
  const last = new Map<string, Position>();
  const positions = behind.map(({ topic, partition, from }) => ({ topic, partition, offset: from }));
  if (positions.length === 0) return [];
  for await (const { topic, partition, offset } of reader.read(positions))
    last.set(placeOf({ topic, partition }), { topic, partition, offset });
  return [...last.values()];
}

/**
 * Waits until the projector has applied everything that stands on these topics now.
 * @returns `applied: false` with what to do, when the projector does not get there or the caller gives up
 * @throws when broker or database are lost
 */
export async function applied(
  ports: Ports,
  topics: readonly string[],
  { patienceMs = PATIENCE_MS, signal }: Waiting = {},
): Promise<Applied> {
  const wanted = await missing(ports, topics);
  let movedAt = performance.now();
  let sum = -1;
  for (;;) {
    const at = await standing(ports.pool, topics);
    const nextOf = (position: Position): number => at.get(placeOf(position)) ?? 0;
    const behind = wanted.find((position) => nextOf(position) <= position.offset);
    if (behind === undefined) return { applied: true };
    const now = [...at.values()].reduce((one, other) => one + other, 0);
    if (now !== sum) movedAt = performance.now();
    sum = now;
    if (signal?.aborted === true) return { applied: false, message: 'Stopped before the projector was there.' };
    if (performance.now() - movedAt > patienceMs)
      return { applied: false, message: stuck(behind, nextOf(behind), patienceMs) };
    await sleep(POLL_MS);
  }
}

/**
 * Waits until the projector has applied every operation that stands in the log now, so that what the read model says of them is
 * whole. Whoever acts on that state asks this first. Fails and throws as `applied` does.
 */
export const operationsApplied = (ports: Ports, waiting: Waiting = {}): Promise<Applied> =>
  applied(ports, [OPERATIONS_TOPIC], waiting);

const stuck = (behind: Position, next: number, patienceMs: number): string =>
  `The projector has applied ${placeOf(behind)} up to offset ${next}, the last record is ${behind.offset}, and it has not moved for ${patienceMs / 1000} s: what stands there is not known yet. Is it running? (linernotes run projector)`;
