import { type Answer, attempt } from './attempt.ts';
import { backoffMs } from './backoff.ts';
import { priorLetterOf } from './dead-letter.ts';
import type { Failure } from './failure.ts';
import type { Message } from './message.ts';
import { isDown, judge, type Open, opened, type Settled, setAside, surrender, type Verdict } from './open.ts';
import type { Turn } from './pause.ts';
import type { HandlerContext } from './stage.ts';
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
  if (turn.kind === 'go') return tryOnce(work, open, turn, moment, place);
  const context = contextFor(work, open, moment, place);
  const aside = setAside(work.stage, open, context);
  const rest = open.filter((entry) => !aside.some((verdict) => verdict.entry === entry));
  if (turn.kind === 'spent') return [...aside, ...surrenderAll(work, rest, turn.failure, context)];
  if (rest.length > 0) return [...aside, ...(await tryOnce(work, rest, turn, moment, place))];
  work.pause.released();
  return aside;
}

/** A report must win over the failure of the letter that it mends, so the batch's time never lies before one. */
function contextFor<In, Out>(
  { stage }: Work<In, Out>,
  tried: readonly Open<In>[],
  moment: number,
  { lane, signal }: Place,
): HandlerContext {
  const letters = tried.map(({ message }) => (priorLetterOf(message.headers, stage.group)?.lastFailedAt ?? 0) + 1);
  const now = Math.max(moment, ...letters);
  return { signal, now, lane, attempt: Math.max(...tried.map(({ attempts }) => attempts)) + 1 };
}

const surrenderAll = <In, Out>(
  { stage }: Work<In, Out>,
  open: readonly Open<In>[],
  failure: Failure,
  context: HandlerContext,
): readonly Verdict<In, Out>[] => open.map((entry) => surrender(stage, entry, failure, context));

async function tryOnce<In, Out>(
  work: Work<In, Out>,
  open: readonly Open<In>[],
  turn: Turn,
  moment: number,
  place: Place,
): Promise<readonly Verdict<In, Out>[]> {
  const { stage, pause, ports } = work;
  const tried = turn.kind === 'probe' ? open.slice(0, 1) : open;
  const later = open.slice(tried.length).map((entry) => ({ entry, settled: null }));
  const halved = (why: Failure): void => {
    ports.observe('linernotes_stage_halvings_total', { stage: stage.name, lane: place.lane }, 1);
    ports.log('warn', 'batch.halved', { stage: stage.name, lane: place.lane, message: why.message });
  };
  try {
    const context = contextFor(work, tried, moment, place);
    const answers = await attempt(
      stage.handle,
      tried.map(({ message }) => message),
      context,
      halved,
    );
    // Read again after a failure: its moment is that of the letter. And a clock that is gone ends the stage here, so that
    // what a lost database did to the handler never passes for the record's fault.
    const after = answers.every(({ kind }) => kind === 'forward') ? context.now : await ports.clock();
    await tellPause(work, turn, answers);
    const judged = { ...context, now: Math.max(context.now, after) };
    const verdicts = answers.flatMap((answer, at) => {
      const entry = tried[at];
      return entry === undefined ? [] : [judge(stage, entry, answer, judged, turn.kind === 'go')];
    });
    return [...verdicts, ...later];
  } catch (error) {
    if (turn.kind === 'probe') pause.released();
    throw error;
  }
}

/** A batch that meets a provider that is down begins the pause; a probe ends it or goes on with it. */
async function tellPause<In, Out>(
  { pause, stage }: Work<In, Out>,
  turn: Turn,
  answers: readonly Answer<Out>[],
): Promise<void> {
  const failures = answers.flatMap((answer) => (answer.kind === 'retry' ? [answer.failure] : []));
  const refusal = turn.kind === 'probe' ? failures[0] : failures.find((failure) => isDown(failure, stage));
  if (refusal !== undefined) return pause.refused(refusal, turn);
  if (turn.kind !== 'probe') return;
  if (answers[0]?.kind === 'broke') return pause.released();
  await pause.answered();
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
