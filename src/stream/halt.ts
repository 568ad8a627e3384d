import { type Failure, failure } from './failure.ts';
import type { Stage } from './stage.ts';
import type { StagePorts } from './stage-ports.ts';

const HALTED = 'StageHalted';

/** The error with which a halted stage ends: it is no use to start it again before somebody has looked and resumed it. */
export function stageHalted(stage: string, reason: string, since: number): Error {
  const when = new Date(since).toISOString();
  const error = new Error(
    `${stage} is halted since ${when}: ${reason} — mend the cause, then: linernotes resume ${stage}`,
  );
  error.name = HALTED;
  return error;
}

/** True for an error of {@link stageHalted}, also when something wrapped it as its cause. */
export function isStageHalted(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  return error.name === HALTED || isStageHalted(error.cause);
}

/** One record as the halt sees it. */
export type Loss = {
  /** It got a letter and went on neither now nor before. */
  readonly heldBack: boolean;
  readonly failure: Failure | null;
};

/** Stops a stage before a bad deploy, or a bad producer, has moved a whole topic to its dead letters. */
export type Halt = {
  /** @throws {@link stageHalted} when the stage is halted, by this process or another, today or last week */
  ensureNone(): Promise<void>;
  /**
   * Counts what was just committed. The batch that fills the measure is committed like any other, so nothing is lost or doubled by
   * a halt, and every resume gets at least a batch further; it is the next one that is not taken.
   * @throws {@link stageHalted} when the measure is full
   */
  committed(losses: readonly Loss[]): Promise<void>;
};

const isLost = ({ heldBack, failure: why }: Loss): boolean => heldBack || why?.code === 'BUG';

type Ports = Pick<StagePorts, 'clock' | 'halts' | 'observe' | 'log'>;

/** One halt a stage and process; what it is decided by outlives both. */
export function stageHalt({ name, limits }: Pick<Stage<never, never>, 'name' | 'limits'>, ports: Ports): Halt {
  const { most, of } = limits.halt;
  /** Records of this process that the store has not heard of: while nothing is lost it need not. */
  let untold = 0;

  return {
    async ensureNone() {
      const halt = await ports.halts.current(name);
      ports.observe('linernotes_stage_halted', { stage: name }, halt === null ? 0 : 1);
      if (halt !== null) throw stageHalted(name, halt.reason, halt.since);
    },

    async committed(losses) {
      const records = untold + losses.length;
      const lost = losses.flatMap((loss, at) => (isLost(loss) ? [losses.length - 1 - at] : []));
      untold = lost.length === 0 ? records : 0;
      if (lost.length === 0) return;
      const lately = await ports.halts.count(name, records, lost, of);
      if (lately < most) return;
      const last = losses.findLast(({ failure: why }) => why !== null)?.failure ?? failure('BUG', 'unknown');
      const reason = `${lately} of the last ${of} records went to the dead letters without going on, or met a bug; the last: ${last.code}: ${last.message}`;
      const since = await ports.clock();
      await ports.halts.begin(name, reason, since);
      ports.observe('linernotes_stage_halted', { stage: name }, 1);
      ports.log('error', 'stage.halted', { stage: name, reason });
      throw stageHalted(name, reason, since);
    },
  };
}
