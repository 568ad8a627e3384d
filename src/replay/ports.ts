import type { Place } from '#stream/ports.ts';
import type { TopicPartition } from '#stream/record.ts';
import type { TrackEvent } from '#track/event.ts';
import type { TrackState } from '#track/state.ts';
import type { StoredSelection } from './selection.ts';

/** Where in a selection to go on: after this id, at most so many. */
export type Window = { readonly after: string | null; readonly limit: number };

/** Tracks as the read model knows them. Withdrawn ones are never among them. */
export type KnownTracks = {
  /**
   * The next tracks of a selection in the order of their ids.
   * @param startedAt the replay's start: what was first seen later is not meant, and ages count from it
   */
  selected(selection: StoredSelection, startedAt: number, window: Window): Promise<readonly TrackState[]>;
  /** The states of these tracks; unknown ones are absent. */
  states(trackIds: readonly string[]): Promise<ReadonlyMap<string, TrackState>>;
  /** Those of the tracks that are withdrawn: no replay sends them, wherever it finds them. */
  withdrawn(trackIds: readonly string[]): Promise<ReadonlySet<string>>;
};

/** One track to be sent again. `origin` tells its record from every other of the same replay, the same each time it is read. */
export type Chosen = { readonly origin: string; readonly event: TrackEvent };

/** What comes next of a replay, and where it stands once that is sent. */
export type Portion = { readonly chosen: readonly Chosen[]; readonly next: Place };

/** Whatever a replay reads its tracks from. Reading again from the same places gives the same tracks, or those that were left. */
export type ReplaySource = {
  /** Where its progress is committed. */
  readonly partitions: readonly TopicPartition[];
  /** `null`: nothing is left. At most `most` tracks; none is possible, when those looked at cannot be sent. */
  next(places: readonly Place[], most: number): Promise<Portion | null>;
  close(): Promise<void>;
};
