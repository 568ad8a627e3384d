import { letterHeaders } from '#stream/dialects.ts';
import { classOf, FAILURE_CODES, type FailureCode } from '#stream/failure.ts';
import { fingerprintFor } from '#stream/fingerprint.ts';
import type { Headers, StoredRecord } from '#stream/record.ts';
import { TRACK_ID } from '#track/identity.ts';
import type { PhaseName } from '#track/phase.ts';
import { TOPOLOGY } from '#track/topology.ts';

/** One dead letter as the read model keeps it: what its headers say. The bytes stay on the topic. Moments are ISO text. */
export type Letter = {
  readonly letterId: string;
  readonly consumerGroup: string;
  readonly phase: PhaseName;
  /** One of our failure classes; `unknown` for letters of strangers. */
  readonly class: string;
  readonly code: string;
  readonly message: string;
  /** Equal for letters of one cause. */
  readonly fingerprint: string;
  /** All attempts, those before a redrive included. */
  readonly attempts: number;
  readonly redrives: number;
  readonly firstFailedAt: string;
  readonly lastFailedAt: string;
  /** The release that failed; `null` when the letter does not say. */
  readonly codeVersion: string | null;
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
  /** Broker time. */
  readonly at: string;
};

const isCode = (code: string): code is FailureCode => Object.hasOwn(FAILURE_CODES, code);

/** The class of a code; a letter of a newer version may bear a code that is not known here. */
const classFor = (code: string): string => (isCode(code) ? classOf(code) : 'unknown');

const wholeOr = (text: string | undefined, fallback: number): number => {
  const value = Number.parseInt(text ?? '', 10);
  return Number.isNaN(value) ? fallback : value;
};

const momentOr = (text: string | undefined, fallback: number): string => {
  const time = Date.parse(text ?? '');
  return new Date(Number.isNaN(time) ? fallback : time).toISOString();
};

/** Where the dead letter's record stood, or `null` when the headers do not say. */
function originOf(headers: Headers): Pick<Letter, 'originTopic' | 'originPartition' | 'originOffset'> | null {
  const originTopic = headers['dl-origin-topic'];
  const originPartition = Number.parseInt(headers['dl-origin-partition'] ?? '', 10);
  const originOffset = Number.parseInt(headers['dl-origin-offset'] ?? '', 10);
  if (!originTopic || Number.isNaN(originPartition) || Number.isNaN(originOffset)) return null;
  return { originTopic, originPartition, originOffset };
}

/** Why it failed. Letters that lack a class or a fingerprint get the ones that follow from the rest. */
function causeOf(headers: Headers, phase: PhaseName): Pick<Letter, 'class' | 'code' | 'message' | 'fingerprint'> {
  const code = headers['dl-error'] ?? 'unknown';
  const cause = { class: headers['dl-class'] ?? classFor(code), code, message: headers['dl-error-message'] ?? '' };
  return { ...cause, fingerprint: headers['dl-fingerprint'] ?? fingerprintFor({ phase, ...cause }) };
}

type History = Pick<Letter, 'attempts' | 'redrives' | 'firstFailedAt' | 'lastFailedAt' | 'codeVersion'>;

const historyOf = (headers: Headers, timestamp: number): History => ({
  attempts: wholeOr(headers['dl-attempts'], 1),
  redrives: wholeOr(headers['dl-redrives'], 0),
  firstFailedAt: momentOr(headers['dl-first-failed-at'], timestamp),
  lastFailedAt: momentOr(headers['dl-last-failed-at'], timestamp),
  codeVersion: headers['dl-code-version'] ?? null,
});

/**
 * Reads a dead letter's headers, ours or those of another system.
 * @returns `null` when they lack what makes it a dead letter: its id or where it came from
 */
export function letterOf(record: StoredRecord, phase: PhaseName): Letter | null {
  const headers = letterHeaders(record, TOPOLOGY[phase].group, phase);
  const letterId = headers?.['dl-id'];
  if (headers === null || !letterId) return null;
  const origin = originOf(headers);
  if (origin === null) return null;
  const subject = headers['ce_subject'] ?? '';
  return {
    letterId,
    consumerGroup: headers['dl-group'] ?? TOPOLOGY[phase].group,
    phase,
    ...causeOf(headers, phase),
    ...historyOf(headers, record.timestamp),
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
