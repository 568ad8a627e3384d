import { stageBypass } from './bypass.ts';
import { stageHalt } from './halt.ts';
import { liveFirst } from './lanes.ts';
import { servePartition } from './partition.ts';
import { stagePause } from './pause.ts';
import type { Assignment, Served } from './ports.ts';
import type { Stage } from './stage.ts';
import type { StagePorts } from './stage-ports.ts';
import { type Counts, tallyOf } from './tally.ts';
import { replayLaneOf, type Work } from './work.ts';

/** Records that may wait in memory for one partition, in batches, before fetching stops; what is on its way then comes on top. */
const BATCHES_WAITING = 1;
/** How long the group is given to let go of what was aborted. */
const LEAVE_MS = 1_000;

/** A stage at work. */
export type Running = {
  /** Resolves after `drain`; rejects when the consumer, a port or the engine itself failed for good: then exit non-zero. */
  readonly ended: Promise<void>;
  /** Takes no more batches, lets those in hand finish and commit for at most `deadlineMs`, aborts the rest, leaves the group. */
  drain(deadlineMs: number): Promise<void>;
  counts(): Counts;
};

/**
 * Runs a stage on all partitions this process is given, both lanes, until it is drained.
 * @param stage the declaration
 * @param ports its world
 * @throws `stageHalted` when the stage is halted and nobody has resumed it
 */
export async function runStage<In, Out>(stage: Stage<In, Out>, ports: StagePorts): Promise<Running> {
  const work: Work<In, Out> = {
    stage,
    ports,
    pause: stagePause(stage, ports),
    bypass: stageBypass(stage, ports),
    halt: stageHalt(stage, ports),
    gate: liveFirst(),
    tally: tallyOf(stage.name, ports.observe),
  };
  await work.halt.ensureNone();
  await work.pause.restore();
  await work.bypass.restore();

  const stopping = new AbortController();
  const serving = new Set<Promise<Served>>();
  const serve = (assignment: Assignment): Promise<Served> => {
    const served = servePartition(work, assignment, stopping.signal);
    serving.add(served);
    const over = () => serving.delete(served);
    served.then(over, over);
    return served;
  };

  const membership = await ports.subscribe({
    group: stage.group,
    topics: [stage.from, replayLaneOf(stage.group)],
    serve,
    maxWaiting: stage.batch.max * BATCHES_WAITING,
  });
  ports.log('info', 'stage.started', { stage: stage.name, group: stage.group, from: stage.from, to: stage.to });

  const drain = async (deadlineMs: number): Promise<void> => {
    ports.log('info', 'stage.draining', { stage: stage.name, deadlineMs, inFlight: work.tally.counts().inFlight });
    stopping.abort(new Error(`${stage.name} drains.`));
    await atMost(ports, deadlineMs, Promise.allSettled(serving));
    await membership.leave(LEAVE_MS);
    ports.log('info', 'stage.drained', { stage: stage.name, ...work.tally.counts() });
  };

  let drained: Promise<void> | null = null;
  return {
    ended: membership.ended,
    drain: (deadlineMs) => {
      drained ??= drain(deadlineMs);
      return drained;
    },
    counts: () => work.tally.counts(),
  };
}

/** Waits for work, or for `ms` when that is less. */
async function atMost({ sleep }: Pick<StagePorts, 'sleep'>, ms: number, work: Promise<unknown>): Promise<void> {
  const done = new AbortController();
  const late = sleep(ms, done.signal).catch(() => undefined);
  await Promise.race([work, late]);
  done.abort();
}
