import type { Answer } from '#providers/answer.ts';
import { failed, ok, type Result } from '#stream/result.ts';

/** What was heard from the provider: facts, none being an empty list, and the moment of the oldest answer among them. */
export type Heard<Fact> = { readonly facts: readonly Fact[]; readonly at: number };

/** An answer as what was heard; trouble stays trouble. */
export function heard<Fact>(answer: Answer<readonly Fact[]>): Result<Heard<Fact>> {
  if (answer.kind === 'failed') return failed(answer.failure);
  return ok({ facts: answer.kind === 'found' ? answer.facts : [], at: answer.fetchedAt });
}

/** All values, or the first failure. */
export function all<Value>(results: readonly Result<Value>[]): Result<readonly Value[]> {
  const values: Value[] = [];
  for (const result of results) {
    if (!result.ok) return result;
    values.push(result.value);
  }
  return ok(values);
}
