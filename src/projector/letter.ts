import { classOf, FAILURE_CODES, type FailureCode } from '#stream/failure.ts';
import type { Headers, StoredRecord } from '#stream/record.ts';
import { TRACK_ID } from '#track/identity.ts';
import type { PhaseName } from '#track/phase.ts';

/** One dead letter as the read model keeps it: what its headers say. The bytes stay on the topic. */
export type Letter = {
  readonly letterId: string;
  readonly consumerGroup: string;
  readonly phase: PhaseName;
  readonly class: string;
  readonly code: string;
  readonly message: string;
  /** The event went on all the same; only this phase failed. */
  readonly forwarded: boolean;
  readonly trackId: string | null;
  readonly runId: string | null;
  readonly originTopic: string;
  readonly originPartition: number;
  readonly originOffset: number;
  /** Where the letter stands. */
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  /** Broker time, ISO. */
  readonly at: string;
};

const isCode = (code: string): code is FailureCode => Object.hasOwn(FAILURE_CODES, code);

/** The class of a code; a letter of a newer version may bear a code that is not known here. */
const classFor = (code: string): string => (isCode(code) ? classOf(code) : 'unknown');

/** Where the dead letter's record stood, or `null` when the headers do not say. */
function originOf(headers: Headers): Pick<Letter, 'originTopic' | 'originPartition' | 'originOffset'> | null {
  const originTopic = headers['dl-origin-topic'];
  const originPartition = Number.parseInt(headers['dl-origin-partition'] ?? '', 10);
  const originOffset = Number.parseInt(headers['dl-origin-offset'] ?? '', 10);
  if (!originTopic || Number.isNaN(originPartition) || Number.isNaN(originOffset)) return null;
  return { originTopic, originPartition, originOffset };
}

/**
 * Reads a dead letter's headers.
 * @returns `null` when they lack what makes it a dead letter: its id or where it came from
 */
export function letterOf(record: StoredRecord, phase: PhaseName): Letter | null {
  const { headers } = record;
  const letterId = headers['dl-id'];
  const origin = originOf(headers);
  if (!letterId || origin === null) return null;
  const subject = headers['ce_subject'] ?? '';
  const code = headers['dl-error'] ?? 'unknown';
  return {
    letterId,
    consumerGroup: headers['dl-group'] ?? `tracks.${phase}`,
    phase,
    class: headers['dl-class'] ?? classFor(code),
    code,
    message: headers['dl-error-message'] ?? '',
    forwarded: headers['dl-forwarded'] === 'true',
    trackId: TRACK_ID.test(subject) ? subject : null,
    runId: headers['run-id'] || null,
    ...origin,
    topic: record.topic,
    partition: record.partition,
    offset: record.offset,
    at: new Date(record.timestamp).toISOString(),
  };
}
