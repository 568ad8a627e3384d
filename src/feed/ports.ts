import type { Ingested } from '#ingest/answer.ts';
import type { PlaylistItem, TrackItem } from '#projector/feed-entry.ts';
import type { RunRow } from '#projector/run-row.ts';
import type { TrackRow } from '#projector/track-row.ts';
import type { Reports } from '#track/report.ts';
import type { Sections } from '#track/sections/sections.ts';
import type { Appearance, RawRegisters } from '#track/state.ts';
import type { LetterItem, LetterReads } from './letter-ports.ts';
import type { OperationReads } from './operation-ports.ts';
import type { Keyset, ListQuery, Page } from './page.ts';

export type TrackQuery = {
  readonly playlist: string | null;
  readonly run: string | null;
  /** Within the run when there is one, else over all. `degraded` is any track with a failed phase. */
  readonly status: 'complete' | 'in_flight' | 'dead_lettered' | 'degraded' | null;
  readonly publisherStatus: string | null;
  /** Part of the name or of an artist's, an ISRC, or a track id. */
  readonly q: string | null;
  readonly after: Keyset | null;
  readonly limit: number;
};

/** Everything that is known of one track. */
export type TrackDetail = TrackItem &
  Pick<TrackRow, 'summary' | 'conflicts'> & {
    readonly raw: RawRegisters;
    readonly sections: Sections;
    readonly reports: Reports;
    readonly appearances: readonly Appearance[];
    readonly playlists: readonly {
      readonly playlistId: string;
      readonly name: string | null;
      readonly snapshotId: string;
      readonly positions: readonly number[];
      readonly current: boolean;
    }[];
    readonly runs: readonly { readonly runId: string; readonly place: string; readonly degraded: boolean }[];
    readonly letters: readonly LetterItem[];
  };

export type PlaylistSummary = PlaylistItem & { readonly tracks: number };

/** The whole in numbers. */
export type Totals = {
  readonly tracks: { readonly [status in 'complete' | 'in_flight' | 'dead_lettered']: number } & {
    readonly degraded: number;
  };
  readonly runs: { readonly open: number; readonly finished: number };
  /** By phase: how many (run, track) `arrived`, and how the phase ended for how many. */
  readonly phases: RunRow['phases'];
};

/** How a run was cancelled. */
export type Cancelled = { readonly at: string; readonly by: string; readonly reason: string | null };

/** What was asked of one provider for a run so far. A call that several runs wanted counts for each of them. */
export type RunCalls = {
  readonly provider: string;
  /** Questions of its tracks. */
  readonly questions: number;
  /** Questions that the ledger answered. */
  readonly fromLedger: number;
  /** Calls that were made for it. */
  readonly calls: number;
};

export type RunItem = RunRow & { readonly cancelled: Cancelled | null };
export type RunDetail = RunItem & { readonly calls: readonly RunCalls[] };

/** Cancels a run; `null` when no event of it was seen. Cancelled again, nothing is done. */
export type CancelPort = (
  runId: string,
  how: { readonly by: string; readonly reason: string },
) => Promise<RunDetail | null>;

/**
 * A stage that does not work as ever. `paused`: waits for its provider. `bypassed`: its events go on as failed, by one cause.
 * `halted`: takes nothing until an operator resumes it.
 */
export type StageStanding = {
  readonly stage: string;
  readonly state: 'paused' | 'bypassed' | 'halted';
  readonly reason: string;
  /** ISO moment. */
  readonly since: string;
};

/** Questions to the read model. */
export type Reads = LetterReads &
  OperationReads & {
    tracks(query: TrackQuery): Promise<Page<TrackItem>>;
    track(trackId: string): Promise<TrackDetail | null>;
    runs(query: ListQuery): Promise<Page<RunItem>>;
    run(runId: string): Promise<RunDetail | null>;
    playlists(query: ListQuery): Promise<Page<PlaylistSummary>>;
    totals(): Promise<Totals>;
    standing(): Promise<readonly StageStanding[]>;
  };

/** One entry of the feed as it goes over the wire. */
export type FeedMessage = {
  readonly cursor: number;
  readonly at: string;
  readonly type: 'track' | 'playlist' | 'letter' | 'run' | 'withdrawn' | 'cancelled';
  readonly data: unknown;
};

/** The feed as the projector wrote it. */
export type FeedLog = {
  /** The newest cursor, and the one before the oldest entry that is still kept. Both 0 while nothing was ever written. */
  bounds(): Promise<{ readonly floor: number; readonly head: number }>;
  /** Entries after the cursor, in order. */
  after(cursor: number, limit: number): Promise<readonly FeedMessage[]>;
  /** Calls back whenever there may be more, also after the connection was lost and found again. */
  listen(moved: () => void): Promise<{ close(): Promise<void> }>;
  /** Drops entries older than that, but never the newest one. */
  trim(olderThanMs: number): Promise<void>;
};

/** Takes a playlist file; `name` is what its playlist is called when the file does not say. */
export type IngestPort = (bytes: Uint8Array, name: string | null) => Promise<Ingested>;

/** Who answers for a phase: the real provider, its stand-in, or nobody. */
export type ProviderMode = 'real' | 'sandbox' | 'off';
