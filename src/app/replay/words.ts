import type { ReplayPlan } from '#replay/plan.ts';
import type { ReplayStatus } from '#replay/status.ts';

const WIDTHS = [14, 12, 14, 12, 12, 14];

const row = (cells: readonly string[]): string =>
  cells.map((cell, at) => (at === 0 ? cell.padEnd(WIDTHS[at] ?? 0) : cell.padStart(WIDTHS[at] ?? 0))).join('');

const number = (value: number): string => value.toLocaleString('en');

/** `3 s`, `12 min`, `4.5 h`, `2.1 d`. */
export function durationWords(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  if (seconds < 90 * 60) return `${Math.ceil(seconds / 60)} min`;
  if (seconds < 36 * 3600) return `${(seconds / 3600).toFixed(1)} h`;
  return `${(seconds / 86_400).toFixed(1)} d`;
}

const wayWords = ({ phase, force }: Pick<ReplayPlan, 'phase' | 'force'>): string =>
  `into the replay lane of ${phase}${force.length > 0 ? `; ${force.join(', ')} asked again even where facts are fresh` : ''}`;

/** A plan for people. */
export function planLines(plan: ReplayPlan): readonly string[] {
  const { tracks, providers, pages, seconds } = plan;
  const asked = providers.filter(({ calls, known }) => calls + known > 0);
  return [
    `${number(tracks)} tracks: ${plan.selection}`,
    wayWords(plan),
    '',
    row(['provider', 'calls', 'from ledger', 'a second', 'alone', 'beside live']),
    ...asked.map((one) =>
      row([
        one.provider,
        number(one.calls),
        number(one.known),
        one.perSecond.toFixed(1),
        durationWords(one.seconds.alone),
        durationWords(one.seconds.beside),
      ]),
    ),
    '',
    pages > 0 ? `${number(pages)} pages are read for credits and stream counts.` : 'No page is read.',
    seconds.alone === 0
      ? 'Nobody is asked: it takes as long as the events need to pass.'
      : `It takes about ${durationWords(seconds.alone)}, and up to ${durationWords(seconds.beside)} if live traffic takes all it may.`,
  ];
}

/** One replay for people. */
export function statusLines(status: ReplayStatus): readonly string[] {
  const { plan, calls } = status;
  const accounts = [
    ...new Set([
      ...plan.providers.filter((one) => one.calls > 0).map(({ provider }) => provider),
      ...Object.keys(calls),
    ]),
  ];
  const planned = (account: string): number => plan.providers.find(({ provider }) => provider === account)?.calls ?? 0;
  const done = status.complete + status.deadLettered;
  return [
    `${status.replayId}: ${status.state}${status.secondsLeft === null ? '' : `, about ${durationWords(status.secondsLeft)} left`}`,
    `  ${status.selection}`,
    `  ${wayWords(status)}`,
    `  started ${moment(status.startedAt)} by ${status.startedBy}${status.reason === null ? '' : ` (${status.reason})`}; ${status.state} since ${moment(status.movedAt)}, by ${status.movedBy}`,
    `  tracks: ${number(plan.tracks)} planned, ${number(status.sent)} sent, ${number(done)} through (${number(status.deadLettered)} dead-lettered, ${number(status.degraded)} with a phase that failed)`,
    ...accounts.map(
      (account) => `  calls to ${account}: ${number(planned(account))} planned, ${number(calls[account] ?? 0)} made`,
    ),
  ];
}

/** Many replays for people, one line each. */
export function listLines(replays: readonly ReplayStatus[]): readonly string[] {
  if (replays.length === 0) return ['There was no replay yet.'];
  return replays.map(({ replayId, state, plan, complete, deadLettered, selection, startedAt }) =>
    [
      replayId.padEnd(22),
      state.padEnd(10),
      `${number(complete + deadLettered)}/${number(plan.tracks)}`.padStart(17),
      moment(startedAt),
      selection,
    ].join('  '),
  );
}

const moment = (iso: string): string => iso.replace(/\.\d+Z$/, 'Z').replace('T', ' ');
