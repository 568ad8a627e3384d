import { backoffMs } from './backoff.ts';
import type { Message } from './message.ts';
import { isDown, type Open, opened, type Settled, setAside, type Verdict } from './open.ts';
import type { Turn } from './pause.ts';
import { contextFor, tryOrPass, withoutCalls } from './trying.ts';
import type { Place, Work } from './work.ts';

/**
 * Works a batch until each of its messages is settled; what is settled is not handled again. One a message, in order.
 * @param now the one clock, just read
 */
export async function settle<In, Out>(
  work: Work<In, Out>,
  batch: readonly Message<In>[],
  now: number,
  place: Place,
): Promise<readonly Settled<Out>[]> {
  const settled: Verdict<In, Out>[] = [];
  let open = opened(batch);
  let read: number | null = now;
  while (open.length > 0) {
    if (work.pause.on()) read = null;
    const turn = await work.pause.turn(place.signal);
    const moment = read ?? (await work.ports.clock());
    read = null;
    const verdicts = await take(work, open, turn, moment, place);
    settled.push(...verdicts.filter((verdict) => verdict.settled !== null));
    open = verdicts.flatMap(({ entry, settled: done }) => (done === null ? [entry] : []));
    if (turn.kind === 'go') await backOff(work, open, place);
  }
  return settled.toSorted((a, b) => a.entry.index - b.entry.index).flatMap(({ settled: done }) => done ?? []);
}

/** What becomes of the open messages in this turn. While the provider is down, those that need nobody do not wait for it. */
async function take<In, Out>(
  work: Work<In, Out>,
  open: readonly Open<In>[],
  turn: Turn,
  moment: number,
  place: Place,
): Promise<readonly Verdict<In, Out>[]> {
  if (turn.kind === 'go') return tryOrPass(work, open, turn, moment, place);
  const context = contextFor(work, open, moment, place);
  const aside = setAside(work.stage, open, context);
  const rest = open.filter((entry) => !aside.some((verdict) => verdict.entry === entry));
  if (turn.kind === 'spent') return [...aside, ...(await withoutCalls(work, rest, turn.failure, moment, place))];
  if (rest.length > 0) return [...aside, ...(await tryOrPass(work, rest, turn, moment, place))];
  work.pause.released();
  return aside;
}

/** Waits before what failed by itself is tried again. What met a provider that is down waits at the pause instead. */
async function backOff<In, Out>(
  { stage, ports }: Work<In, Out>,
  open: readonly Open<In>[],
  { lane, signal }: Place,
): Promise<void> {
  const own = open.filter(({ failure }) => failure !== null && !isDown(failure, stage));
  if (own.length === 0) return;
  const asked = own.map(({ failure }) => failure?.retryAfterMs ?? 0);
  const attempts = Math.max(...own.map((entry) => entry.attempts));
  const waitMs = backoffMs(stage.retry, attempts, Math.max(...asked), ports.random());
  const labels = { stage: stage.name, lane };
  for (const { message, failure } of own) {
    if (failure === null) continue;
    ports.observe('linernotes_stage_retries_total', { ...labels, code: failure.code }, 1);
    const what = { ...labels, ...message.position, event: message.envelope.id, run: message.envelope.runId };
    ports.log('debug', 'record.retry', { ...what, attempts, code: failure.code, message: failure.message, waitMs });
  }
  const codes = [...new Set(own.flatMap(({ failure }) => failure?.code ?? []))].join(' ');
  ports.log('info', 'batch.retry', { ...labels, records: own.length, codes, attempts, waitMs });
  await ports.sleep(waitMs, signal);
}
