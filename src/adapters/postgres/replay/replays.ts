import type { Pool } from 'pg';
import type { ReplayOperation } from '#replay/replay.ts';
import type { CallCounts, RunCounts } from '#replay/status.ts';

const OPERATION = 'o.kind, o.by, o.at, o.target, o.reason, o.details';

/** What is the last that happens to a replay. A `cancel` is not: the tracks that were sent before it still come through. */
const OVER = `('replay_ended', 'replay_cancelled')`;

const OF_ONE = `select ${OPERATION} from operations o where o.target = $1 order by o.position`;

const OF_THOSE_UNDER_WAY = `
  select ${OPERATION} from operations o where o.target in (
    select s.target from operations s where s.kind = 'replay' and not exists (
      select from operations e where e.target = s.target and e.kind in ${OVER}))
  order by o.position`;

const OF_THE_LATEST = `
  select ${OPERATION} from operations o where o.target in (
    select s.target from operations s where s.kind = 'replay' order by s.position desc limit $1)
  order by o.position`;

const RUNS = `
  select run_id as "runId", complete, dead_lettered as "deadLettered", degraded from runs where run_id = any($1::text[])`;

const CALLS = `
  select run_id as "runId", json_object_agg(provider, calls) as calls from linernotes.run_calls
  where run_id = any($1::text[]) and calls > 0 group by run_id`;

type Operations = readonly (readonly ReplayOperation[])[];

/** What the read model knows of replays. */
export type ReplayReads = {
  /** The operations of one replay in their order; none when nothing was ever done to that id. */
  one(replayId: string): Promise<readonly ReplayOperation[]>;
  /** The same of every replay that has tracks to send, or tracks on their way. */
  underWay(): Promise<Operations>;
  /** The same of so many replays, those that were started last. */
  latest(limit: number): Promise<Operations>;
  /** How far the replays' runs have come; those of which nothing arrived yet are absent. */
  runs(replayIds: readonly string[]): Promise<ReadonlyMap<string, RunCounts>>;
  /** The calls that were made for each of the replays, by account; those for which none was made are absent. */
  calls(replayIds: readonly string[]): Promise<ReadonlyMap<string, CallCounts>>;
};

export function replayReads(pool: Pool): ReplayReads {
  const operations = async (text: string, values: readonly unknown[]): Promise<Operations> => {
    const { rows } = await pool.query<ReplayOperation>(text, [...values]);
    return [...Map.groupBy(rows, ({ target }) => target).values()];
  };
  return {
    one: async (replayId) => (await operations(OF_ONE, [replayId]))[0] ?? [],
    underWay: () => operations(OF_THOSE_UNDER_WAY, []),
    latest: (limit) => operations(OF_THE_LATEST, [limit]),
    runs: async (replayIds) => {
      const { rows } = await pool.query<RunCounts & { runId: string }>(RUNS, [replayIds]);
      return new Map(rows.map(({ runId, ...counts }) => [runId, counts]));
    },
    calls: async (replayIds) => {
      const { rows } = await pool.query<{ runId: string; calls: CallCounts }>(CALLS, [replayIds]);
      return new Map(rows.map(({ runId, calls }) => [runId, calls]));
    },
  };
}
