import type { Subscribe } from '#stream/ports.ts';
import { PROJECTOR_GROUP } from '#track/topology.ts';
import { type PartitionPorts, servePartition } from './partition.ts';
import { PROJECTED_TOPICS } from './sources.ts';

/** Records that may wait per partition; with some sixty partitions this bounds the memory of a catch-up. */
const MAX_WAITING = 500;

export type ProjectorPorts = PartitionPorts & { readonly subscribe: Subscribe };

export type Projector = {
  /** Resolves after `drain`; rejects when Postgres, the registry or the broker was lost: the process should end and come back. */
  readonly ended: Promise<void>;
  /** Finishes the batches at hand, at most until the deadline, and leaves the group. */
  drain(deadlineMs: number): Promise<void>;
};

/** Keeps the read model current from the six topics, the replay lanes, the dead letters and the operations, each record exactly once. */
export async function runProjector({ subscribe, ...ports }: ProjectorPorts): Promise<Projector> {
  const membership = await subscribe({
    group: PROJECTOR_GROUP,
    topics: PROJECTED_TOPICS,
    maxWaiting: MAX_WAITING,
    serve: (assignment) => servePartition(assignment, ports),
  });
  return { ended: membership.ended, drain: (deadlineMs) => membership.leave(deadlineMs) };
}
