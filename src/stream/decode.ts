import { z } from 'zod';
import { envelopeOf } from './envelope.ts';
import { FAILURE_CODES, type Failure, type FailureCode, failure } from './failure.ts';
import type { Lane, Message } from './message.ts';
import type { Decode } from './ports.ts';
import type { StoredRecord } from './record.ts';
import { failed, ok, type Result } from './result.ts';

/** A record with what could be read of it. */
export type Reading<In> = { readonly record: StoredRecord; readonly message: Result<Message<In>> };

const isCode = (value: unknown): value is FailureCode => typeof value === 'string' && value in FAILURE_CODES;

/** A stage's `input` may name its own code: a custom issue with `params: { failure: 'NO_TRACK_ID' }`. */
function codeOf(issues: readonly z.core.$ZodIssue[]): FailureCode {
  const named = issues.flatMap((issue) => (issue.code === 'custom' ? [issue.params?.['failure']] : []));
  return named.find(isCode) ?? 'INVALID_EVENT';
}

const invalid = (error: z.ZodError): Failure => failure(codeOf(error.issues), z.prettifyError(error));

/**
 * Turns a record into a message of the stage's type.
 * @param topic whose schema the value has: a replay lane carries the values of the stage's input topic
 * @returns the message, or why it cannot be one (`UNDECODABLE`, `UNKNOWN_SCHEMA`, `INVALID_EVENT`, or the code its issue names)
 */
export async function decodeRecord<In>(
  record: StoredRecord,
  lane: Lane,
  { topic, input, decode }: { readonly topic: string; readonly input: z.ZodType<In>; readonly decode: Decode },
): Promise<Reading<In>> {
  const value = await decode(topic, record.value);
  if (!value.ok) return { record, message: value };
  const parsed = input.safeParse(value.value);
  if (!parsed.success) return { record, message: failed(invalid(parsed.error)) };
  const position = { topic: record.topic, partition: record.partition, offset: record.offset };
  const envelope = envelopeOf(record.headers, position);
  return { record, message: ok({ event: parsed.data, envelope, lane, position, headers: record.headers }) };
}
