import type { Position } from '#stream/record.ts';

/** How far the publishing of a run got. `publishing` names where its events would begin, so that a crash can be looked into. */
export type IngestState =
  | { readonly state: 'publishing'; readonly from: readonly Position[] }
  | { readonly state: 'published' };

/** The `ingests` table: one row a run. */
export type IngestStore = {
  find(runId: string): Promise<IngestState | null>;
  /** Notes the end offsets of `tracks.raw` before anything of the run is written. An older note may stay: it begins earlier. */
  begin(runId: string, from: readonly Position[]): Promise<void>;
  finish(runId: string): Promise<void>;
};
