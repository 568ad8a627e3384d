import type { FailureCode } from './failure.ts';
import type { Lane } from './message.ts';
import type { Observe } from './metrics.ts';

/** How a record ended. */
export type Ending = 'forwarded' | 'degraded' | 'dead-lettered';

/** Since the stage started in this process: `read` = the three endings + `returned` + `inFlight`. */
export type Counts = {
  readonly read: number;
  readonly forwarded: number;
  readonly degraded: number;
  readonly deadLettered: number;
  /** Given back unsettled, to be read again by whoever owns the partition then. */
  readonly returned: number;
  readonly inFlight: number;
};

export type Tally = {
  read(lane: Lane, records: number): void;
  returned(lane: Lane, records: number): void;
  ended(lane: Lane, ending: Ending, code: FailureCode | null): void;
  counts(): Counts;
};

export function tallyOf(stage: string, observe: Observe): Tally {
  const totals = { read: 0, returned: 0, forwarded: 0, degraded: 0, 'dead-lettered': 0 };
  const inFlight = { live: 0, replay: 0 };

  const flow = (lane: Lane, change: number): void => {
    inFlight[lane] += change;
    observe('linernotes_stage_in_flight', { stage, lane }, inFlight[lane]);
  };

  return {
    read(lane, records) {
      totals.read += records;
      observe('linernotes_stage_read_total', { stage, lane }, records);
      flow(lane, records);
    },
    returned(lane, records) {
      totals.returned += records;
      observe('linernotes_stage_returned_total', { stage, lane }, records);
      flow(lane, -records);
    },
    ended(lane, ending, code) {
      totals[ending] += 1;
      observe('linernotes_stage_records_total', { stage, lane, outcome: ending }, 1);
      if (code !== null) observe('linernotes_stage_failures_total', { stage, lane, code }, 1);
      flow(lane, -1);
    },
    counts: () => ({
      read: totals.read,
      forwarded: totals.forwarded,
      degraded: totals.degraded,
      deadLettered: totals['dead-lettered'],
      returned: totals.returned,
      inFlight: inFlight.live + inFlight.replay,
    }),
  };
}
