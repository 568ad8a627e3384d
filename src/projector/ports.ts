import type { Position, TopicPartition } from '#stream/record.ts';
import type { FeedEntry } from './feed-entry.ts';
import type { Letter } from './letter.ts';
import type { OperationRow } from './operation-row.ts';
import type { AnswerKey, RecordingAnswers } from './own-answers.ts';
import type { PlaylistRow, PlaylistState, PlaylistTrackRow } from './playlist-row.ts';
import type { RunDelta } from './run-delta.ts';
import type { RunFacts } from './run-facts.ts';
import type { RunRow } from './run-row.ts';
import type { RunTrack, RunTrackRow } from './run-track.ts';
import type { StoredTrack } from './stored-track.ts';
import type { TrackRow } from './track-row.ts';
import type { Withdrawal } from './withdrawal.ts';

/** The right to apply what stands on a partition from `next` on (`null`: its beginning), until somebody takes it anew. */
export type Checkpoint = TopicPartition & { readonly epoch: number; readonly next: number | null };

/** What goes with a withdrawn track. */
export type Erasure = {
  readonly trackId: string;
  /** Whether something may stand in the read model and the feed; of a late event only answers do. */
  readonly whole: boolean;
  /** Its own answers in the ledger. */
  readonly answers: readonly AnswerKey[];
  /** Answers that stay while another track has one of the ISRCs. */
  readonly recording: RecordingAnswers;
};

/**
 * Everything one transaction on the read model can do. `lock…` makes the missing rows, locks all in key order and returns the
 * stored ones; a key that is new is absent from the answer.
 */
export type ProjectionTransaction = {
  /** Moves the checkpoint on. `false`: somebody else owns the partition, or it stands elsewhere; nothing may be written. */
  advance(checkpoint: Checkpoint, next: number): Promise<boolean>;
  /** Notes that tracks are withdrawn; of several operations on one track the first counts. */
  withdraw(withdrawals: readonly Withdrawal[]): Promise<void>;
  /** Those of the tracks that are withdrawn. Asked once their rows are locked: from then on nobody else's withdrawal takes effect. */
  withdrawn(trackIds: readonly string[]): Promise<ReadonlySet<string>>;
  /** Erases all that is stored of withdrawn tracks, whose rows are locked. */
  erase(erasures: readonly Erasure[]): Promise<void>;
  lockTracks(trackIds: readonly string[]): Promise<ReadonlyMap<string, StoredTrack>>;
  saveTracks(rows: readonly TrackRow[]): Promise<void>;
  /** Leaves a mark in the outbox of `tracks.latest` for each of these tracks, whose rows this transaction changes. */
  markLatest(trackIds: readonly string[]): Promise<void>;
  lockPlaylists(playlistIds: readonly string[]): Promise<ReadonlyMap<string, PlaylistState>>;
  savePlaylists(rows: readonly PlaylistRow[]): Promise<void>;
  /** Positions that are there already stay; new ones join them. */
  addPlaylistTracks(rows: readonly PlaylistTrackRow[]): Promise<void>;
  /** Keyed by `runTrackKey`. */
  lockRunTracks(keys: readonly Pick<RunTrack, 'runId' | 'trackId'>[]): Promise<ReadonlyMap<string, RunTrack>>;
  saveRunTracks(rows: readonly RunTrackRow[]): Promise<void>;
  /** Keeps letters that are new, or newer than the copy that is kept; the answer says which ids were which. */
  addLetters(letters: readonly Letter[]): Promise<ReadonlyMap<string, 'new' | 'newer'>>;
  /** Keeps operations that are new; one that is there already stays as it is. */
  addOperations(operations: readonly OperationRow[]): Promise<void>;
  /** Adds to the counters and returns the runs as they stand after it. */
  addToRuns(runs: readonly { readonly facts: RunFacts; readonly delta: RunDelta }[]): Promise<readonly RunRow[]>;
  /** Appends to the feed in the order of commits. Always the last step: it holds the feed's lock until the commit. */
  publish(entries: readonly FeedEntry[]): Promise<void>;
};

/**
 * How a transaction ended. `unstorable`: the database refuses a value for ever, whatever the state of the world; trying again
 * is no use.
 */
export type TransactionResult =
  | { readonly kind: 'committed' | 'rolled back' }
  | { readonly kind: 'unstorable'; readonly message: string };

/** The read model. A lost database throws everywhere. */
export type Projection = {
  /** Takes a partition over: every earlier checkpoint of it is worth nothing from now on. */
  take(partition: TopicPartition): Promise<Checkpoint>;
  /** `work` answers whether to commit; it may run several times. */
  transaction(work: (transaction: ProjectionTransaction) => Promise<boolean>): Promise<TransactionResult>;
};

/** What the projector tells whoever measures it. */
export type ProjectorNotice =
  | { readonly kind: 'applied'; readonly next: Position; readonly records: number; readonly newestAt: number }
  | { readonly kind: 'fenced'; readonly partition: TopicPartition }
  | { readonly kind: 'set-aside'; readonly at: Position; readonly code: string; readonly message: string };
