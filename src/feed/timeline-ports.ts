import type { OperationRow } from '#projector/operation-row.ts';
import type { Position } from '#stream/record.ts';
import type { PhaseName } from '#track/phase.ts';
import type { LetterState } from './letter-ports.ts';
import type { TrackDetail } from './ports.ts';

/** One record about a track. */
export type TimelineEntry = Position & {
  /** Broker time, ISO. */
  readonly at: string;
  readonly kind: 'event' | 'letter' | 'unreadable';
  readonly lane: 'live' | 'replay' | null;
  /** The phase that wrote it; `null` for what came from outside. */
  readonly phase: PhaseName | null;
  readonly runId: string | null;
  /** The event's or the letter's id. */
  readonly id: string;
  /** How that phase ended, or for a letter that it failed. */
  readonly status: string | null;
  readonly code: string | null;
  readonly attempts: number | null;
  /** What else there is to say: the playlist, the letter's message. */
  readonly message: string | null;
  readonly letter: { readonly forwarded: boolean; readonly state: LetterState } | null;
};

/** Why a track is where it is. */
export type Diagnosis = {
  readonly verdict: 'complete' | 'degraded' | 'waiting' | 'dead-lettered' | 'unknown';
  readonly sentence: string;
};

/** What reading it took. */
export type TimelineCost = {
  readonly partitions: number;
  /** Records looked at; those of other tracks that share the partitions are most of them. */
  readonly records: number;
  readonly milliseconds: number;
  /** Reading began at what stood on the topics then (ISO); `null`: at their beginnings. */
  readonly since: string | null;
  /** False when the bound on records was reached first: then later topics were not read. */
  readonly whole: boolean;
};

/** A key under which a provider is asked. */
export type AskedKey = { readonly provider: string; readonly kind: string; readonly key: string };

/** An answer of a provider; `at` is ISO. */
export type TimelineCall = AskedKey & { readonly outcome: string; readonly at: string };

/** Everything that happened to one track, in order. */
export type Timeline = {
  readonly trackId: string;
  readonly name: string | null;
  readonly artists: readonly string[];
  readonly diagnosis: Diagnosis;
  readonly entries: readonly TimelineEntry[];
  /** What providers answered about it, as the ledger has it: the last answer under each key, the oldest first. */
  readonly calls: readonly TimelineCall[];
  /** What was done to it, its letters and its runs (redrives, replays among them), in order. */
  readonly operations: readonly OperationRow[];
  readonly runs: readonly { readonly runId: string; readonly place: string; readonly degraded: boolean }[];
  readonly read: TimelineCost;
};

/** @returns `null` when neither the log nor the read model knows the track */
export type ReadTimeline = (trackId: string) => Promise<Timeline | null>;

/** A track as it was; `too long`: the log that would have to be read is longer than the bound. */
export type TrackAt =
  | { readonly kind: 'found'; readonly track: TrackDetail }
  | { readonly kind: 'too long'; readonly looked: number };

/**
 * @param at milliseconds since the epoch, by the broker's clock
 * @returns `null` when nothing of the track stood in the log by then
 */
export type ReadTrackAt = (trackId: string, at: number) => Promise<TrackAt | null>;
