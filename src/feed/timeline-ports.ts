import type { Position } from '#stream/record.ts';
import type { PhaseName } from '#track/phase.ts';
import type { LetterState } from './letter-ports.ts';

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

/** Everything that happened to one track, in order. */
export type Timeline = {
  readonly trackId: string;
  readonly name: string | null;
  readonly artists: readonly string[];
  readonly diagnosis: Diagnosis;
  readonly entries: readonly TimelineEntry[];
  readonly runs: readonly { readonly runId: string; readonly place: string; readonly degraded: boolean }[];
  readonly read: TimelineCost;
};

/** @returns `null` when neither the log nor the read model knows the track */
export type ReadTimeline = (trackId: string) => Promise<Timeline | null>;
