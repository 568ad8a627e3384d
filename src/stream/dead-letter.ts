import { type Alias, aliasesOf } from './aliases.ts';
import { eventIdOf } from './envelope.ts';
import { classOf, type Failure } from './failure.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { Headers, OutgoingRecord, StoredRecord } from './record.ts';

const MAX_MESSAGE_BYTES = 1024;

/** How long a record has been in trouble; moments in milliseconds since the epoch. */
export type Trouble = { readonly attempts: number; readonly firstFailedAt: number; readonly lastFailedAt: number };

/** What a letter says of its past, as a redrive carries it into the group again. */
export type PriorLetter = {
  readonly id: string;
  readonly origin: {
    readonly topic: string;
    readonly partition: number;
    readonly offset: number;
    readonly timestamp: number;
  };
  readonly attempts: number;
  readonly firstFailedAt: number;
  readonly lastFailedAt: number;
  readonly redrives: number;
  /** The event went on when it failed before: another failure must not send it on a second time. */
  readonly forwarded: boolean;
};

export const dlqOf = (group: string): string => `${group}.dlq`;

const moment = (time: number): string => new Date(time).toISOString();

/** Cuts text to a number of UTF-8 bytes, never within a character. */
function bounded(text: string, bytes: number): string {
  const all = Buffer.from(text);
  if (all.length <= bytes) return text;
  return new TextDecoder().decode(all.subarray(0, bytes)).replace(/\uFFFD$/u, '');
}

/** Reads the past of a redriven record, or `null` when it is none of this group's letters, or none that can be read. */
export function priorLetterOf(headers: Headers, group: string): PriorLetter | null {
  const text = (name: string): string => headers[`dl-${name}`] ?? '';
  if (headers['dl-id'] === undefined || text('group') !== group) return null;
  const origin = {
    topic: text('origin-topic'),
    partition: Number.parseInt(text('origin-partition'), 10),
    offset: Number.parseInt(text('origin-offset'), 10),
    timestamp: Date.parse(text('origin-timestamp')),
  };
  const history = {
    attempts: Number.parseInt(text('attempts'), 10),
    firstFailedAt: Date.parse(text('first-failed-at')),
    lastFailedAt: Date.parse(text('last-failed-at')),
    redrives: Number.parseInt(text('redrives'), 10),
  };
  const { topic: _, ...numbers } = { ...origin, ...history };
  if (Object.values(numbers).some(Number.isNaN)) return null;
  return { id: text('id'), origin, ...history, forwarded: text('forwarded') === 'true' };
}

/** What a letter is about; `forwarded` says whether the event went on beside it. */
export type Letter = {
  readonly record: StoredRecord;
  readonly failure: Failure;
  readonly trouble: Trouble;
  readonly forwarded: boolean;
};

/** Who failed; `aliases` are whose names the headers get too. */
export type Failing = {
  readonly group: string;
  readonly phase: string;
  readonly codeVersion: string;
  readonly aliases?: readonly Alias[];
};

/**
 * The dead letter of a record: its key and value bytes as they were, its own headers, and why as text headers.
 * A letter that was redriven keeps its id, its first origin and its first failure; attempts add up.
 */
export function deadLetterOf(
  { record, failure, trouble, forwarded }: Letter,
  { group, phase, codeVersion, aliases = [] }: Failing,
): OutgoingRecord {
  const prior = priorLetterOf(record.headers, group);
  const origin = prior?.origin ?? record;
  const headers: Headers = {
    ...record.headers,
    'dl-id': prior?.id ?? eventIdOf(group, record),
    'dl-origin-topic': origin.topic,
    'dl-origin-partition': String(origin.partition),
    'dl-origin-offset': String(origin.offset),
    'dl-origin-timestamp': moment(origin.timestamp),
    'dl-group': group,
    'dl-phase': phase,
    'dl-code-version': codeVersion,
    'dl-attempts': String((prior?.attempts ?? 0) + trouble.attempts),
    'dl-first-failed-at': moment(prior?.firstFailedAt ?? trouble.firstFailedAt),
    'dl-last-failed-at': moment(trouble.lastFailedAt),
    'dl-class': classOf(failure.code),
    'dl-error': failure.code,
    'dl-error-message': bounded(failure.message, MAX_MESSAGE_BYTES),
    'dl-fingerprint': fingerprintOf(phase, failure),
    'dl-redrives': String(prior?.redrives ?? 0),
    'dl-forwarded': String(forwarded || (prior?.forwarded ?? false)),
  };
  return {
    topic: dlqOf(group),
    partition: record.partition,
    key: record.key,
    value: record.value,
    headers: { ...headers, ...aliasesOf(headers, aliases) },
  };
}
