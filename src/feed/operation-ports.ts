import type { OperationRow } from '#projector/operation-row.ts';
import type { OperationKind } from '#track/operation.ts';
import type { Keyset, Page } from './page.ts';

/** Which operations; what is `null` does not matter. */
export type OperationQuery = {
  readonly kind: OperationKind | null;
  readonly target: string | null;
  /** Those that were done at this moment (ISO) or later. */
  readonly since: string | null;
  readonly after: Keyset | null;
  readonly limit: number;
};

/** Questions to the read model about what was done to the pipeline. */
export type OperationReads = {
  /** The last one first. */
  operations(query: OperationQuery): Promise<Page<OperationRow>>;
};
