import { kafkaAdmin } from '#adapters/kafka/admin.ts';
import { type Drift, recentDrift } from '#adapters/postgres/contract.ts';
import { type AccountStanding, standingAccounts } from '#adapters/postgres/governor-standing.ts';
import { postgresReads } from '#adapters/postgres/reads/reads.ts';
import type { StageStanding, Totals } from '#feed/ports.ts';
import { PHASES, type PhaseName } from '#track/phase.ts';
import type { Config } from './config.ts';
import type { Connections } from './connect.ts';
import { driftLine } from './contract.ts';
import { type Lag, lagsOf } from './lag.ts';
import { modesOf, type ProviderMode } from './providers.ts';
import { type RetentionRisk, retentionRisks, riskLine } from './retention.ts';

/** Everything about a deployment at this moment. */
export type Status = {
  readonly providers: Readonly<Record<PhaseName, ProviderMode>>;
  readonly totals: Totals;
  readonly lags: readonly Lag[];
  /** Unread records and open letters that retention comes close to, or has taken. */
  readonly retention: readonly RetentionRisk[];
  /** Stages that are paused, bypassed or halted. */
  readonly stages: readonly StageStanding[];
  /** Budgets of provider accounts that do not run as configured: those told to keep silent, and those whose limit was learned. */
  readonly accounts: readonly AccountStanding[];
  /** Fields of providers' answers that were not as agreed, today or yesterday. */
  readonly drift: readonly Drift[];
  /** Cancelled runs of which tracks are still on their way. */
  readonly cancelled: readonly {
    readonly runId: string;
    readonly at: string;
    readonly by: string;
    readonly reason: string | null;
    readonly inFlight: number;
  }[];
  /** Withdrawn tracks, and those of them that the projector has not come to yet. */
  readonly withdrawn: { readonly tracks: number; readonly waiting: number };
  /** Open dead letters by phase and code. */
  readonly deadLetters: readonly { readonly phase: string; readonly code: string; readonly letters: number }[];
};

const CANCELLED = `
  select distinct on (o.target) o.target as "runId", o.at, o.by, o.reason,
    r.accepted - r.complete - r.dead_lettered as "inFlight"
  from operations o join runs r on r.run_id = o.target
  where o.kind = 'cancel' and r.accepted > r.complete + r.dead_lettered order by o.target, o.position`;
const WITHDRAWN = `
  select count(*) as tracks, count(*) filter (where position is null) as waiting from linernotes.withdrawn`;
const LETTERS = `
  select coalesce(phase, consumer_group) as phase, code, count(*) as letters
  from dead_letters where state = 'open' group by 1, 2 order by 3 desc`;

/** Asks broker and database how things stand. */
export async function statusOf(config: Config, { addresses, broker, pool, log, now }: Connections): Promise<Status> {
  const admin = kafkaAdmin({ brokers: addresses.brokers, clientId: 'linernotes-status', log });
  try {
    const [totals, lags, retention, stages, accounts, drift, cancelled, withdrawn, letters] = await Promise.all([
      postgresReads(pool).totals(),
      lagsOf(admin, broker.reader),
      retentionRisks(admin, broker.reader, pool, now()),
      postgresReads(pool).standing(),
      standingAccounts(pool),
      recentDrift(pool),
      pool.query(CANCELLED),
      pool.query(WITHDRAWN),
      pool.query(LETTERS),
    ]);
    return {
      providers: modesOf(config),
      totals,
      lags,
      retention,
      stages,
      accounts,
      drift,
      cancelled: cancelled.rows,
      withdrawn: withdrawn.rows[0] ?? { tracks: 0, waiting: 0 },
      deadLetters: letters.rows,
    };
  } finally {
    await admin.close();
  }
}

const COLUMNS = ['arrived', 'known', 'enriched', 'not_found', 'restricted', 'not_offered', 'not_yet', 'off', 'failed'];

/** The status for people. */
export function statusLines(status: Status): readonly string[] {
  const { tracks, runs, phases } = status.totals;
  const sandbox = PHASES.filter((phase) => status.providers[phase] === 'sandbox');
  const row = (cells: readonly (string | number)[]) =>
    cells.map((cell, i) => (i === 0 ? String(cell).padEnd(22) : String(cell).padStart(12))).join('');
  return [
    ...(sandbox.length > 0 ? [`SANDBOX DATA: ${sandbox.join(', ')} answer from made-up stand-ins.`, ''] : []),
    `tracks: ${tracks.complete} complete (${tracks.degraded} degraded), ${tracks.in_flight} in flight, ${tracks.dead_lettered} dead-lettered`,
    `runs: ${runs.open} open, ${runs.finished} finished`,
    '',
    row(['phase', ...COLUMNS]),
    ...PHASES.map((phase) =>
      row([`${phase} (${status.providers[phase]})`, ...COLUMNS.map((column) => phases[phase][column] ?? 0)]),
    ),
    '',
    row(['group', 'live lag', 'replay lag']),
    ...lagRows(status.lags).map(row),
    ...status.retention.map(riskLine),
    ...status.stages.map(standingLine),
    ...status.accounts.flatMap(accountLines),
    ...status.drift.map((drift) => `drift: ${driftLine(drift)}`),
    ...status.cancelled.map(
      ({ runId, by, reason, inFlight }) =>
        `cancelled: run ${runId} by ${by}${reason === null ? '' : `: ${reason}`} (${inFlight} on their way)`,
    ),
    ...withdrawnLines(status.withdrawn),
    ...status.deadLetters.map(({ phase, code, letters }) => `open dead letters: ${phase} ${code} ${letters}`),
  ];
}

const MEND: Readonly<Record<StageStanding['state'], string>> = {
  paused: '',
  bypassed: ' Its letters wait to be redriven.',
  halted: ' Mend it, then: linernotes resume',
};

export const standingLine = ({ stage, state, reason, since }: StageStanding): string =>
  `${state}: ${stage} since ${since}: ${reason}${MEND[state]}${state === 'halted' ? ` ${stage}` : ''}`;

function withdrawnLines({ tracks, waiting }: Status['withdrawn']): string[] {
  if (tracks === 0) return [];
  const left = waiting === 0 ? '' : `; ${waiting} not erased yet, the projector has not come to them`;
  return [`withdrawn: ${tracks} tracks${left} (linernotes operations --kind withdraw)`];
}

function accountLines({ account, pausedUntil, reason, learnedPerSecond, endpoints }: AccountStanding): string[] {
  return [
    ...(pausedUntil === null ? [] : [`paused: account ${account} until ${pausedUntil}: ${reason}`]),
    ...endpoints.map(
      (one) => `paused: ${account} ${one.endpoint} until ${one.pausedUntil}, others go on: ${one.reason}`,
    ),
    ...(learnedPerSecond === null ? [] : [`learned: ${account} takes ${learnedPerSecond} calls a second`]),
  ];
}

function lagRows(lags: readonly Lag[]): readonly (readonly string[])[] {
  const told = ({ records, exact }: Lag) => (exact ? String(records) : `≤ ${records}`);
  return [...Map.groupBy(lags, ({ group }) => group)].map(([group, lanes]) => [group, ...lanes.map(told)]);
}
