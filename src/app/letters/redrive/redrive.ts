import { setTimeout as elapsed } from 'node:timers/promises';
import { ITSELF } from '#app/operations/who.ts';
import type { LetterSelection } from '#feed/letter-ports.ts';
import { PHASES } from '#track/phase.ts';
import { TOPOLOGY } from '#track/topology.ts';
import type { RedriveOrder } from './order.ts';
import { pace } from './pace.ts';
import { type RedriveConnections, redriveTopic, type TopicEnd } from './topic.ts';

/** How a redrive ended: one end for each dead-letter topic on which letters of the selection stood or an earlier start stopped. */
export type Redriven = { readonly ends: readonly Exclude<TopicEnd, { kind: 'nothing' }>[] };

export type Attending = {
  /** Told after every portion: letters sent of those that fitted, on this dead-letter topic. */
  readonly tell?: (dlq: string, sent: number, of: number) => void;
  readonly signal: AbortSignal;
};

const stopwatch = {
  now: () => performance.now(),
  sleep: (ms: number, signal: AbortSignal) => elapsed(ms, undefined, { signal }),
};

/**
 * Sends the open letters of a selection to their groups again, each exactly once, whatever is killed meanwhile; topic by topic. The
 * same order again goes on where it was interrupted, and does nothing when it has ended.
 * @returns no ends at all when there is nothing to send
 * @throws when broker, registry or database are lost; started again it goes on
 */
export async function redrive(
  order: RedriveOrder,
  connections: RedriveConnections,
  { tell = () => undefined, signal }: Attending,
): Promise<Redriven> {
  const ends: Exclude<TopicEnd, { kind: 'nothing' }>[] = [];
  const take = pace(order.rate, stopwatch);
  for (const dlq of topicsOf(order.selection)) {
    const running = { take, tell: (sent: number, of: number) => tell(dlq, sent, of), signal };
    const max = order.max === null ? null : Math.max(0, order.max - sentBy(ends));
    const end = max === 0 ? NOTHING : await redriveTopic({ ...order, max }, dlq, connections, running);
    if (end.kind === 'nothing') continue;
    ends.push(end);
    if (end.kind !== 'ended') break;
  }
  return { ends };
}

const NOTHING: TopicEnd = { kind: 'nothing' };

const sentBy = (ends: Redriven['ends']): number =>
  ends.reduce((sum, end) => sum + (end.kind === 'refused' ? 0 : end.redriven), 0);

/** The dead-letter topics on which letters of a selection can stand. */
export const topicsOf = ({ phase }: LetterSelection): readonly string[] =>
  PHASES.filter((name) => phase === null || phase === name).map((name) => TOPOLOGY[name].dlq);

/** How often a letter is redriven before it is left alone, unless told. */
export const MAX_REDRIVES = 5;

/**
 * For whatever acts by itself (a provider that is back): redrives a selection at a rate, by `linernotes`, once. Called again with the
 * same id, or by several processes at once, it sends nothing twice: letters that were sent are not open any more, and of all
 * processes one is let in (the others get an end `refused`).
 * @param selection which open letters; what is `null` does not matter, see `everyLetter`
 * @param rate letters a second
 * @param max at most so many; `null`: all
 * @param probe it only asks whether the provider is back, so that it does not count for the letters that they were redriven
 * @param reason why, for `linernotes operations`
 * @param id makes it one redrive for ever; `null`: one that was interrupted goes on, else a new one begins
 */
export const redriveByItself = (
  {
    selection,
    rate,
    max,
    probe,
    reason,
    id,
  }: {
    readonly selection: LetterSelection;
    readonly rate: number;
    readonly max: number | null;
    readonly probe: boolean;
    readonly reason: string;
    readonly id: string | null;
  },
  connections: RedriveConnections,
  signal: AbortSignal,
): Promise<Redriven> =>
  redrive({ selection, rate, max, maxRedrives: MAX_REDRIVES, probe, map: null, by: ITSELF, reason, id }, connections, {
    signal,
  });

/** The selection of all letters, to be narrowed. */
export const everyLetter: LetterSelection = {
  phase: null,
  class: null,
  code: null,
  fingerprint: null,
  run: null,
  track: null,
  since: null,
  until: null,
  release: null,
  letter: null,
};
