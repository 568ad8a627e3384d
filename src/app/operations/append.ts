import { randomUUID } from 'node:crypto';
import type { Connections } from '#app/connect.ts';
import { cloudEventHeaders } from '#stream/envelope.ts';
import type { Encode } from '#stream/ports.ts';
import type { OutgoingRecord } from '#stream/record.ts';
import type { Operation } from '#track/operation.ts';
import { OPERATIONS_TOPIC } from '#track/topology.ts';

/** An operation to be: what is left out gets a new id, no reason, no details. `at` is read from the one clock. */
export type NewOperation = Pick<Operation, 'kind' | 'by' | 'target'> &
  Partial<Pick<Operation, 'id' | 'reason' | 'details'>>;

/** Completes an operation that is done at this moment (milliseconds since the epoch). */
export const operationAt = (
  { id = randomUUID(), reason = null, details = {}, ...rest }: NewOperation,
  at: number,
): Operation => ({
  id,
  ...rest,
  at,
  reason,
  details,
});

/**
 * The record of an operation, for those who write it in a transaction with other things.
 * @throws when it does not fit its schema: that is a bug
 */
export async function operationRecord(operation: Operation, encode: Encode): Promise<OutgoingRecord> {
  const value = await encode(OPERATIONS_TOPIC, operation);
  if (!value.ok) throw new Error(`The operation ${operation.kind} of ${operation.target}: ${value.failure.message}`);
  const { id, kind, target, at } = operation;
  return {
    topic: OPERATIONS_TOPIC,
    partition: 0,
    key: Buffer.from(target),
    value: value.value,
    headers: cloudEventHeaders({
      id,
      type: `${OPERATIONS_TOPIC}.${kind}`,
      source: '/operations',
      subject: target,
      time: at,
    }),
  };
}

/**
 * Appends an operation to `linernotes.operations` and waits until the broker has it on all replicas. A repeated id is the same
 * operation to whoever reads it, so this may be done again after a crash.
 * @returns the operation as it stands in the log
 * @throws when broker, registry or database are lost; then it stands there, or not
 */
export async function appendOperation(
  { broker, codec, clock }: Pick<Connections, 'broker' | 'codec' | 'clock'>,
  given: NewOperation,
): Promise<Operation> {
  const operation = operationAt(given, await clock());
  await broker.produce([await operationRecord(operation, codec.encode)]);
  return operation;
}
