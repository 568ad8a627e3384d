import type { Progress } from '#app/progress.ts';
import type { ProviderMode } from '#app/providers.ts';
import type { RunRow } from '#projector/run-row.ts';
import { PHASES } from '#track/phase.ts';

/** What the table shows beside the progress itself. */
export type TableFacts = {
  readonly modes: Readonly<Record<string, ProviderMode>>;
  /** Tracks per second by phase, over the last few looks. */
  readonly rates: Readonly<Record<string, number>>;
  /** Columns of the terminal. */
  readonly width: number;
};

const COLUMNS = ['phase', 'in', 'known', 'enriched', 'not found', 'failed', 'other', 'rate'] as const;
const WIDTHS = [22, 9, 9, 10, 11, 9, 9, 10];

/** Statuses with a column of their own; the rest (restricted, not_offered, not_yet, off) share one. */
const SHOWN = ['known', 'enriched', 'not_found', 'failed'] as const;

const cells = (values: readonly string[]): string =>
  values.map((value, i) => (i === 0 ? value.padEnd(WIDTHS[i] ?? 0) : value.padStart(WIDTHS[i] ?? 0))).join('');

/** The live table: one line a phase, one bar a run. */
export function tableLines(progress: Progress, facts: TableFacts): readonly string[] {
  return [
    cells(COLUMNS),
    ...PHASES.map((phase) => {
      const { arrived = 0, ...by } = progress.phases[phase];
      const shown = SHOWN.map((status) => by[status] ?? 0);
      const other = Object.values(by).reduce((sum, n) => sum + n, 0) - shown.reduce((sum, n) => sum + n, 0);
      const name = `${phase} (${facts.modes[phase] ?? 'off'})`;
      return cells([name, ...[arrived, ...shown, other].map(String), `${(facts.rates[phase] ?? 0).toFixed(1)}/s`]);
    }),
    '',
    ...progress.runs.slice(0, 8).map((run) => runLine(run, facts.width)),
    ...(progress.runs.length > 8 ? [`… and ${progress.runs.length - 8} more runs`] : []),
  ];
}

const BAR = 24;

/** One run: a bar, the counts, the name. An open run, of which nobody said how many tracks it has, has no end to fill. */
export function runLine(run: RunRow, width: number): string {
  const done = run.complete + run.deadLettered;
  const of = run.total ?? run.accepted;
  const filled = of === 0 ? 0 : Math.floor((Math.min(done, of) / of) * BAR);
  const bar = `${'█'.repeat(filled)}${'░'.repeat(BAR - filled)}`;
  const trouble = [
    run.degraded > 0 ? `${run.degraded} degraded` : '',
    run.deadLettered > 0 ? `${run.deadLettered} dead-lettered` : '',
    run.total === null ? 'open' : '',
  ].filter((text) => text !== '');
  const line = `${bar} ${done}/${run.total ?? `${run.accepted}…`}  ${run.playlistName ?? run.playlistId ?? run.runId}${trouble.length > 0 ? `  (${trouble.join(', ')})` : ''}`;
  return [...line].slice(0, width).join('');
}
