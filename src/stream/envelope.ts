import type { Envelope } from './message.ts';
import type { Headers, Position } from './record.ts';
import { nextHop } from './trace.ts';

/** Headers that go on from hop to hop as they are. All others end where they were read: an envelope is written anew. */
const TRAVELLING = ['run-id', 'force', 'replay-id', 'tracestate'] as const;

/**
 * The id of what a group makes of a record: plain text, so that it says where it comes from. The same input gives the same id,
 * so whoever reads an event twice can tell. It is the `ce_id` of the event that goes on and the `dl-id` of the dead letter.
 */
export const eventIdOf = (group: string, { topic, partition, offset }: Position): string =>
  `${group}:${topic}:${partition}:${offset}`;

/** Writes the `force` header: `credits,links@2026-01-31T00:00:00.000Z`. */
export const forceHeader = (force: NonNullable<Envelope['force']>): string =>
  `${force.phases.join(',')}@${new Date(force.since).toISOString()}`;

function forceOf(header: string | undefined): Envelope['force'] {
  const [phases, moment] = (header ?? '').split('@');
  const since = Date.parse(moment ?? '');
  return phases && !Number.isNaN(since) ? { phases: phases.split(','), since } : null;
}

/**
 * Reads the envelope from CloudEvents, trace and run headers. Producers outside write none of them: then the id says where the
 * record stands. A `force` that cannot be read is none.
 */
export function envelopeOf(headers: Headers, { topic, partition, offset }: Position): Envelope {
  return {
    id: headers['ce_id'] ?? `${topic}:${partition}:${offset}`,
    runId: headers['run-id'] ?? null,
    traceparent: headers['traceparent'] ?? null,
    force: forceOf(headers['force']),
  };
}

/** What CloudEvents asks of an event; `time` in milliseconds since the epoch. */
export type EventIdentity = {
  readonly id: string;
  readonly type: string;
  readonly source: string;
  readonly subject: string;
  readonly time: number;
};

/** CloudEvents 1.0 in binary mode (Kafka protocol binding), for an Avro value in the Confluent wire format. */
export const cloudEventHeaders = ({ id, type, source, subject, time }: EventIdentity): Headers => ({
  ce_specversion: '1.0',
  ce_id: id,
  ce_type: type,
  ce_source: source,
  ce_subject: subject,
  ce_time: new Date(time).toISOString(),
  'content-type': 'application/vnd.confluent.avro',
});

/** The headers of an event that a stage makes of an input with these headers. */
export function hopHeaders(input: Headers, identity: EventIdentity): Headers {
  const travelling = TRAVELLING.flatMap((name) => {
    const value = input[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    ...cloudEventHeaders(identity),
    traceparent: nextHop(input['traceparent'] ?? null, identity.id),
    ...Object.fromEntries(travelling),
  };
}
