import type { Pool } from 'pg';
import type { RunCalls } from '#feed/ports.ts';

type Counter = Exclude<keyof RunCalls, 'provider'>;

const ADD = `
  insert into linernotes.run_calls as c (run_id, provider, questions, from_ledger, calls)
  select * from unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[], $5::bigint[])
  on conflict (run_id, provider) do update set questions = c.questions + excluded.questions,
    from_ledger = c.from_ledger + excluded.from_ledger, calls = c.calls + excluded.calls`;

const OF = `
  select provider, questions, from_ledger as "fromLedger", calls from linernotes.run_calls
  where run_id = $1 order by provider`;

/** The counters of a run. */
export async function callsOfRun(pool: Pool, runId: string): Promise<readonly RunCalls[]> {
  const { rows } = await pool.query<RunCalls>(OF, [runId]);
  return rows;
}

const FLUSH_MS = 1_000;

type Counts = { readonly runId: string; readonly provider: string } & Record<Counter, number>;

/** Counts in memory and adds to the stored counters once a second; a process that is killed loses at most the last second. */
export function runCounters(pool: Pool): {
  add(runId: string, provider: string, counter: Counter): void;
  close(): Promise<void>;
} {
  let pending = new Map<string, Counts>();

  const add = (runId: string, provider: string, counter: Counter): void => {
    const id = JSON.stringify([runId, provider]);
    const counts = pending.get(id) ?? { runId, provider, questions: 0, fromLedger: 0, calls: 0 };
    counts[counter] += 1;
    pending.set(id, counts);
  };

  const flush = async (): Promise<void> => {
    const all = [...pending.values()].toSorted((a, b) =>
      `${a.runId} ${a.provider}` < `${b.runId} ${b.provider}` ? -1 : 1,
    );
    if (all.length === 0) return;
    pending = new Map();
    await pool.query(ADD, [
      all.map(({ runId }) => runId),
      all.map(({ provider }) => provider),
      all.map(({ questions }) => questions),
      all.map(({ fromLedger }) => fromLedger),
      all.map(({ calls }) => calls),
    ]);
  };

  // Counters are told to people; that they were lost with the database is told by everything else.
  const timer = setInterval(() => void flush().catch(() => undefined), FLUSH_MS).unref();
  return {
    add,
    close: async () => {
      clearInterval(timer);
      await flush().catch(() => undefined);
    },
  };
}
