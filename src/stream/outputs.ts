import { bugOf } from './attempt.ts';
import { deadLetterOf, type Failing, priorLetterOf, type Trouble } from './dead-letter.ts';
import { eventIdOf, hopHeaders } from './envelope.ts';
import { type Failure, failure } from './failure.ts';
import type { Lane, Message } from './message.ts';
import { giveUp, type Settled } from './open.ts';
import type { OutgoingRecord, StoredRecord } from './record.ts';
import { failed, ok, type Result } from './result.ts';
import type { HandlerContext } from './stage.ts';
import type { Ending } from './tally.ts';
import type { Work } from './work.ts';

/** What is written for one record, and how it ended. */
export type Written = {
  readonly record: StoredRecord;
  readonly ending: Ending;
  readonly failure: Failure | null;
  readonly attempts: number;
  readonly outgoing: readonly OutgoingRecord[];
};

/** Lengths, timestamps and offsets that Kafka's record and batch formats put around key, value and headers, generously. */
const FRAME_BYTES = 256;

/** Bytes of a record as a broker counts them, never too few. */
export const sizeOf = ({ key, value, headers }: OutgoingRecord): number =>
  Object.entries(headers).reduce(
    (size, [name, text]) => size + Buffer.byteLength(name) + Buffer.byteLength(text) + 8,
    FRAME_BYTES + (key?.length ?? 0) + (value?.length ?? 0),
  );

const topicOf = ({ to, toReplay }: { to: string; toReplay: string }, lane: Lane): string =>
  lane === 'live' ? to : toReplay;

/** The record of an event that goes on: `BUG` when it cannot be encoded, `OVERSIZE` when its topic would not take it. */
async function recordOf<In, Out>(
  { stage, ports }: Work<In, Out>,
  message: Message<In>,
  event: Out,
  now: number,
): Promise<Result<OutgoingRecord>> {
  const value = await ports.encode(stage.to, event);
  if (!value.ok) return value;
  const key = keyed(stage.keyOf, event);
  if (!key.ok) return key;
  const id = eventIdOf(stage.group, message.position);
  const identity = { id, type: stage.to, source: `/stages/${stage.name}`, subject: key.value, time: now };
  const topic = topicOf(stage, message.lane);
  const headers = hopHeaders(message.headers, identity);
  const record = { topic, partition: null, key: Buffer.from(key.value), value: value.value, headers };
  const [size, limit] = [sizeOf(record), ports.maxBytes(topic)];
  return size <= limit ? ok(record) : failed(failure('OVERSIZE', `${size} bytes for ${topic}, which takes ${limit}`));
}

function keyed<Out>(keyOf: (event: Out) => string, event: Out): Result<string> {
  try {
    return ok(keyOf(event));
  } catch (error) {
    return failed(bugOf(error));
  }
}

const failing = <In, Out>({ stage, ports: { codeVersion, aliases = [] } }: Work<In, Out>): Failing => ({
  group: stage.group,
  phase: stage.name,
  codeVersion,
  aliases,
});

/** The dead letter alone: the event does not go on, at least not (again) from here. */
export function letterAlone<In, Out>(
  work: Work<In, Out>,
  record: StoredRecord,
  why: Failure,
  trouble: Trouble,
): Written {
  const letter = deadLetterOf({ record, failure: why, trouble, forwarded: false }, failing(work));
  return { record, ending: 'dead-lettered', failure: why, attempts: trouble.attempts, outgoing: [letter] };
}

type Input<In> = { readonly record: StoredRecord; readonly message: Message<In> };

async function degraded<In, Out>(
  work: Work<In, Out>,
  { record, message }: Input<In>,
  { event, why, trouble }: { readonly event: Out; readonly why: Failure; readonly trouble: Trouble },
): Promise<Result<Written>> {
  const { stage } = work;
  // A redriven letter whose event went on before: nobody gets that event twice.
  if (priorLetterOf(record.headers, stage.group)?.forwarded) return ok(letterAlone(work, record, why, trouble));
  const going = await recordOf(work, message, event, trouble.lastFailedAt);
  if (!going.ok) return going;
  const letter = deadLetterOf({ record, failure: why, trouble, forwarded: true }, failing(work));
  return ok({ record, ending: 'degraded', failure: why, attempts: trouble.attempts, outgoing: [going.value, letter] });
}

/** What the stage's report of a failure turns into; a dead letter alone when that cannot be written either. */
async function lastResort<In, Out>(
  work: Work<In, Out>,
  input: Input<In>,
  why: Failure,
  trouble: Trouble,
  context: HandlerContext,
): Promise<Written> {
  const outcome = giveUp(work.stage, input.message, why, context);
  if (outcome.kind !== 'degrade') return letterAlone(work, input.record, why, trouble);
  const written = await degraded(work, input, { event: outcome.event, why, trouble });
  return written.ok ? written.value : letterAlone(work, input.record, why, trouble);
}

/** Turns a settled message into what is written for it. */
export async function written<In, Out>(
  work: Work<In, Out>,
  input: Input<In>,
  { outcome, trouble }: Settled<Out>,
  signal: AbortSignal,
): Promise<Written> {
  if (outcome.kind === 'dead-letter') return letterAlone(work, input.record, outcome.failure, trouble);
  const context = {
    signal,
    now: trouble.lastFailedAt,
    lane: input.message.lane,
    attempt: trouble.attempts,
    closed: null,
  };
  if (outcome.kind === 'degrade') {
    const done = await degraded(work, input, { event: outcome.event, why: outcome.failure, trouble });
    return done.ok ? done.value : lastResort(work, input, done.failure, trouble, context);
  }
  const going = await recordOf(work, input.message, outcome.event, trouble.lastFailedAt);
  if (!going.ok) return lastResort(work, input, going.failure, trouble, context);
  return {
    record: input.record,
    ending: 'forwarded',
    failure: null,
    attempts: trouble.attempts,
    outgoing: [going.value],
  };
}
