import type { Failure } from './failure.ts';
import type { OutgoingRecords, Position, StoredRecord, TopicPartition } from './record.ts';
import type { Result } from './result.ts';

/**
 * What the engine needs of the world. Adapters: `adapters/kafka`, `adapters/registry`, `adapters/postgres`, `adapters/memory`.
 * One contract suite (`test/contract`) states the promises and runs on the in-memory twin and on the real thing.
 */

/** The records of one owned partition, in order, none twice. */
export type Feed = {
  /**
   * Waits for at least one record, then up to `lingerMs` for more, and hands over at most `max`.
   * Rejects with the assignment's abort reason once the partition is no longer ours.
   */
  take(max: number, lingerMs: number): Promise<readonly StoredRecord[]>;
  /** Records that wait here already. */
  readonly waiting: () => number;
  /** Stops fetching for this partition; what waits here stays. Heartbeats go on. */
  pause(): void;
  resume(): void;
};

/** A partition this member owns until `signal` aborts. */
export type Assignment = TopicPartition & {
  readonly signal: AbortSignal;
  /** Opens the feed at an offset (`null`: the partition's beginning). Once per serving. Nothing is fetched before. */
  from(offset: number | null): Feed;
};

/** How serving a partition ended: `again` asks to be served anew if the partition is still ours (after a lost commit). */
export type Served = 'again' | 'done';

export type Subscription = {
  readonly group: string;
  readonly topics: readonly string[];
  /** Runs once per owned partition, beside the others, never on the poll loop. A throw ends the membership (`failed`). */
  readonly serve: (assignment: Assignment) => Promise<Served>;
  /** Fetching of a partition pauses above this many waiting records and goes on below half of it. */
  readonly maxWaiting: number;
};

export type Membership = {
  /** Settles when the membership is over: resolves after `leave`, rejects when the consumer or a `serve` failed for good. */
  readonly ended: Promise<void>;
  /** Aborts all assignments, waits for their `serve` to settle up to `deadlineMs`, leaves the group. */
  leave(deadlineMs: number): Promise<void>;
};

export type Subscribe = (subscription: Subscription) => Promise<Membership>;

/**
 * `committed`: all or nothing, and it is all. `lost`: nothing of it, or we cannot know: the writer is spent; open a new one with
 * the same id (which fences this one), read the committed offset again, and go on from there.
 */
export type CommitResult = 'committed' | 'lost';

/** How far a group is; a note of at most a kilobyte stands with the offset, for those who need more than a number to go on. */
export type Progress = { readonly group: string; readonly next: Position; readonly note?: string };

/** What a group has committed on a partition, note included. */
export type Place = Position & { readonly note: string | null };

/** What a group has committed on these partitions; those on which it has committed nothing are absent. */
export type PlacesOf = (group: string, partitions: readonly TopicPartition[]) => Promise<readonly Place[]>;

/** A transactional writer. Opening one fences every earlier writer of the same id and ends what it left open. */
export type TransactionalWriter = {
  /** The group's committed offset, read after the fence; `null` when there is none. */
  committed(group: string, partition: TopicPartition): Promise<number | null>;
  /**
   * One transaction: the records, and, when given, the group's next offset on its input partition. Records are taken as they
   * are sent; when their source fails, nothing is written, the writer is spent, and the source's error is thrown.
   */
  commit(records: OutgoingRecords, progress: Progress | null): Promise<CommitResult>;
  close(): Promise<void>;
};

export type OpenWriter = (transactionalId: string) => Promise<TransactionalWriter>;

/** What a partition holds: `begin` is the first offset that still stands, `end` (read committed) the one after the last. */
export type LogRange = { readonly begin: number; readonly end: number };

export type RangeOf = (partition: TopicPartition) => Promise<LogRange>;

/** Remembers on which partitions a group has committed, also when the broker has forgotten it: it drops the offsets of idle groups. */
export type SeenGroups = {
  has(group: string, partition: TopicPartition): Promise<boolean>;
  note(group: string, partition: TopicPartition): Promise<void>;
};

/** Reading a log outside a group: ingest's recovery, verification, replays. */
export type LogReader = {
  /** End offsets (read committed) of each partition of the topic. */
  ends(topic: string): Promise<readonly Position[]>;
  /** Every committed record from these positions to the ends as they stand now. */
  read(from: readonly Position[]): AsyncIterable<StoredRecord>;
};

/** Bytes to a plain value in the reader's schema. Failures are of the record; a registry that is down throws. */
export type Decode = (topic: string, value: Buffer | null) => Promise<Result<unknown>>;

/** A value to bytes in the topic's schema. A value that does not fit is a failure (`BUG`); a registry that is down throws. */
export type Encode = (topic: string, value: unknown) => Promise<Result<Buffer>>;

/** The one clock of all processes: milliseconds since the epoch. */
export type Clock = () => Promise<number>;

/** Counts how often work on a position was begun, so that a record that kills the process is found. */
export type StartCounter = {
  /** Notes that work on the batch from `first` begins; returns how many times it has begun since it last was settled. */
  begun(group: string, first: Position): Promise<number>;
  /** The partition went past `next`: earlier counts are forgotten. */
  settled(group: string, next: Position): Promise<void>;
};

/** A stage's pause while its provider is down. The start survives restarts, so patience is not begun anew. */
export type PauseStore = {
  /** Begins the pause, or keeps the one that is on; returns its start in milliseconds since the epoch. */
  begin(stage: string, reason: string, now: number): Promise<number>;
  current(stage: string): Promise<{ readonly since: number; readonly reason: string } | null>;
  end(stage: string): Promise<void>;
};

/** Stages that send their events past a provider that nobody understands. */
export type BypassStore = {
  /** Begins the bypass, or keeps the one that is on; returns its start in milliseconds since the epoch. */
  begin(stage: string, cause: Failure, now: number): Promise<number>;
  current(stage: string): Promise<{ readonly since: number; readonly cause: Failure } | null>;
  end(stage: string): Promise<void>;
};

/** Stages that were stopped before they did harm. Only an operator's `resume` lifts a halt, so there is no `end`. */
export type HaltStore = {
  /** Stores the halt, or keeps the one that is stored. */
  begin(stage: string, reason: string, now: number): Promise<void>;
  current(stage: string): Promise<{ readonly since: number; readonly reason: string } | null>;
  /**
   * Counts records of a stage, over all its processes and their crashes; a resume begins anew.
   * @param records how many more
   * @param lost which of them were lost, counted from the last, which is 0
   * @param of how many of the last records matter
   * @returns how many of those were lost
   */
  count(stage: string, records: number, lost: readonly number[], of: number): Promise<number>;
};
