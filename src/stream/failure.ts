/**
 * Every code a failure can have, with its class and its sentence. `docs/failures.md` is generated from here.
 * Classes: `decode` and `invalid` never pass by themselves; `transient` may pass soon; `provider` is the whole provider's trouble,
 * not this record's; `endpoint` is trouble of a part of it, while the rest goes on; `drift` is an answer in a shape nobody knows; `bug` and `oversize` are ours.
 */
export const FAILURE_CODES = {
  UNDECODABLE: { class: 'decode', sentence: 'The bytes are not Avro in the Confluent wire format.' },
  UNKNOWN_SCHEMA: { class: 'decode', sentence: 'The registry knows no schema under the id in the bytes.' },
  INVALID_EVENT: { class: 'invalid', sentence: 'The value was read but does not fit what the stage takes.' },
  NO_TRACK_ID: { class: 'invalid', sentence: 'The value names no Spotify track.' },
  PROVIDER_ERROR: { class: 'transient', sentence: 'The provider answered 5xx.' },
  TIMEOUT: { class: 'transient', sentence: 'The provider did not answer in time.' },
  CONNECTION: { class: 'transient', sentence: 'The connection to the provider failed or was cut.' },
  BROWSER: { class: 'transient', sentence: 'The browser or its tab crashed.' },
  RATE_LIMITED: { class: 'provider', sentence: 'The provider refuses calls until a moment it names.' },
  ENDPOINT_LIMITED: {
    class: 'endpoint',
    sentence: 'The provider refuses calls of one endpoint until a moment it names, and answers its others.',
  },
  QUOTA_SPENT: { class: 'provider', sentence: 'The quota of this account is spent.' },
  UNAUTHORIZED: { class: 'provider', sentence: 'The provider refuses the credentials.' },
  PROVIDER_DOWN: { class: 'provider', sentence: 'The provider does not answer anybody, and patience is spent.' },
  UNPARSEABLE: { class: 'drift', sentence: 'The page or answer has a shape that is not known; the evidence is kept.' },
  BAD_REQUEST: { class: 'invalid', sentence: 'The provider refuses the request itself.' },
  BUG: { class: 'bug', sentence: 'The handler threw, or its output cannot be encoded.' },
  CRASH: { class: 'bug', sentence: 'The process died on this record, again and again.' },
  OVERSIZE: { class: 'oversize', sentence: 'The output is larger than its topic takes.' },
} as const;

export type FailureCode = keyof typeof FAILURE_CODES;
export type FailureClass = (typeof FAILURE_CODES)[FailureCode]['class'];

/** Why something did not work: a value, never an exception. */
export type Failure = {
  readonly code: FailureCode;
  /** For people; names the thing and the value. Bounded to 1 KB before it is written anywhere. */
  readonly message: string;
  /** Milliseconds to wait that the provider itself asked for; `null` when it did not. */
  readonly retryAfterMs: number | null;
};

export const failure = (code: FailureCode, message: string, retryAfterMs: number | null = null): Failure => ({
  code,
  message,
  retryAfterMs,
});

export const classOf = (code: FailureCode): FailureClass => FAILURE_CODES[code].class;
