import type { z } from 'zod';

/** One way in which an answer differs from its agreed shape. It holds no value of the answer but in its sample. */
export type Mismatch = {
  readonly provider: string;
  readonly kind: string;
  /** Where, `*` for any place of a list: `albums.*.label`. */
  readonly field: string;
  readonly problem: string;
  /** The answer as JSON, bounded, without whatever could be a secret. */
  readonly sample: string;
};

/** The watch over what providers have agreed to answer. It never waits and never fails. */
export type Contract = {
  /** So many answers of a kind were held against their shape. */
  readonly checked: (provider: string, kind: string, answers: number) => void;
  readonly mismatched: (mismatch: Mismatch) => void;
};

type Kind = { readonly provider: string; readonly kind: string; readonly expects?: readonly string[] };

const LONGEST_SAMPLE = 2_000;
/** Names under which an answer could carry what nobody else may know. */
export const SECRET_NAME = /token|secret|password|authorization|cookie|credential/i;

/** The beginning of an answer, for the one who has to find out what changed. */
export function sampleOf(body: unknown): string {
  const text = JSON.stringify(body, (name, value: unknown) => (SECRET_NAME.test(name) ? '[left out]' : value)) ?? '';
  return text.slice(0, LONGEST_SAMPLE).toWellFormed();
}

const fieldOf = (path: readonly PropertyKey[]): string =>
  path.map((step) => (typeof step === 'number' ? '*' : String(step))).join('.');

/** What an answer lacks to be believed: one mismatch a field. */
export function misshapen({ provider, kind }: Kind, error: z.ZodError, body: unknown): readonly Mismatch[] {
  const sample = sampleOf(body);
  const byField = new Map(error.issues.map(({ path, message }) => [fieldOf(path), message]));
  return [...byField].map(([field, problem]) => ({ provider, kind, field, problem, sample }));
}

const at = (body: unknown, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>(
      (value, step) => (value === null || typeof value !== 'object' ? null : Reflect.get(value, step)),
      body,
    );

/**
 * Fields that every answer has had so far, also where it has nothing to say (`null`): their absence is noticed, though nobody dies
 * of it.
 */
export const lacking = ({ provider, kind, expects = [] }: Kind, body: unknown): readonly Mismatch[] =>
  expects
    .filter((field) => at(body, field) === undefined)
    .map((field) => ({ provider, kind, field, problem: 'is not there any more', sample: sampleOf(body) }));
