import type { BulkTable } from './layout.ts';

/** Which feed answers, and when it was loaded. */
export type BulkSnapshot = { readonly snapshot: string; readonly loadedAt: number };

export type BulkParty = {
  readonly id: string;
  readonly ipi: string | null;
  readonly name: string | null;
  readonly before: string | null;
  readonly keyName: string | null;
};

/** A right share with who holds it. `preceding`: the shares from which this one comes, separated by `|`. */
export type BulkShare = {
  readonly id: string;
  readonly role: string | null;
  readonly percent: string | null;
  readonly type: string | null;
  readonly preceding: string | null;
  readonly party: BulkParty | null;
};

/** A work as the files have it. */
export type BulkWork = {
  readonly id: string;
  readonly iswc: string | null;
  readonly title: string | null;
  readonly disputed: string | null;
  readonly titles: readonly string[];
  /** In the order of their ids. */
  readonly shares: readonly BulkShare[];
};

/** Rows of one table, cells in the order of its columns in `layout.ts`. */
export type BulkRows = readonly (readonly (string | null)[])[];

/** A feed on its way in. What was added stays when the process dies, and the next one goes on from there. */
export type BulkLoading = {
  /** How many bytes of a file are in. */
  readonly doneOf: (file: string) => Promise<number>;
  /** Adds rows and the number of bytes of the file that are in with them, in one step. */
  readonly add: (table: BulkTable, rows: BulkRows, file: string, done: number) => Promise<void>;
};

/** The port to where feeds are kept. Adapter: `adapters/postgres/mlc-bulk.ts`. */
export type BulkStore = {
  readonly live: () => Promise<BulkSnapshot | null>;
  /**
   * Loads a feed; at most one process does at a time.
   * @returns `live`: it is in already; `elsewhere`: another process is at it
   */
  readonly load: (
    snapshot: string,
    fill: (loading: BulkLoading) => Promise<void>,
  ) => Promise<'loaded' | 'live' | 'elsewhere'>;
  /** Works by the ISRC of their recordings. */
  readonly codesByIsrc: (isrcs: readonly string[]) => Promise<ReadonlyMap<string, readonly string[]>>;
  /** Works of a title on which somebody bears one of these last names or IPIs. */
  readonly codesByTitle: (question: {
    readonly title: string;
    readonly names: readonly string[];
    readonly ipis: readonly string[];
  }) => Promise<readonly string[]>;
  readonly works: (codes: readonly string[]) => Promise<readonly BulkWork[]>;
};
