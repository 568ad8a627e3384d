import type { Operation, OperationKind } from '#track/operation.ts';

/** One operation as the read model keeps it. Moments are ISO text. */
export type OperationRow = {
  readonly operationId: string;
  readonly kind: OperationKind;
  readonly by: string;
  readonly at: string;
  readonly target: string;
  readonly reason: string | null;
  readonly details: Readonly<Record<string, string>>;
  /** For what was done to one letter, the offset of that copy on its dead-letter topic; else `null`. */
  readonly letterOffset: number | null;
  /** Where the operation stands in `linernotes.operations`: the order in which things were done. */
  readonly position: number;
};

const OF_A_LETTER: ReadonlySet<OperationKind> = new Set(['letter_redriven', 'letter_resolved']);

/**
 * An operation as a row.
 * @param position its offset in `linernotes.operations`
 * @returns `null` when it is about a letter and does not say where that letter stands
 */
export function operationRow(operation: Operation, position: number): OperationRow | null {
  const { id, kind, by, at, target, reason, details } = operation;
  const offset = details['offset'] ?? '';
  const letterOffset = OF_A_LETTER.has(kind) ? Number(offset) : null;
  if (letterOffset !== null && !(/^\d+$/.test(offset) && Number.isSafeInteger(letterOffset))) return null;
  return { operationId: id, kind, by, at: new Date(at).toISOString(), target, reason, details, letterOffset, position };
}

/** A repeated id is the same operation: the first that stands counts. */
export const firstOperation = (a: OperationRow, b: OperationRow): OperationRow => (a.position <= b.position ? a : b);
