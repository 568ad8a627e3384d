import { PHASES, type PhaseName } from '#track/phase.ts';
import type { Letter } from './letter.ts';
import type { OperationRow } from './operation-row.ts';
import type { PlaylistRow } from './playlist-row.ts';
import type { RunRow } from './run-row.ts';
import type { TrackRow } from './track-row.ts';

/** A track as lists and the feed show it: the row without what only its own page needs. */
export type TrackItem = Omit<TrackRow, 'summary' | 'conflicts' | 'state' | `${PhaseName}Status`> & {
  readonly phases: Readonly<Record<PhaseName, string | null>>;
};

export type PlaylistItem = Omit<PlaylistRow, 'state'>;

/** One change of the read model, as it stands in the feed. */
export type FeedEntry =
  | { readonly type: 'track'; readonly body: TrackItem & { readonly runIds: readonly string[] } }
  | { readonly type: 'playlist'; readonly body: PlaylistItem }
  | { readonly type: 'letter'; readonly body: Letter }
  /** The track is no more: whoever shows it forgets it. */
  | { readonly type: 'withdrawn'; readonly body: { readonly trackId: string } }
  | { readonly type: 'run'; readonly body: RunRow }
  /** The run is cancelled: whoever shows it says so. */
  | { readonly type: 'cancelled'; readonly body: CancelledRun };

export type CancelledRun = { readonly runId: string } & Pick<OperationRow, 'at' | 'by' | 'reason'>;

/** What the feed tells of an operation; nothing of most. */
export const operationEntries = ({ kind, target: runId, at, by, reason }: OperationRow): readonly FeedEntry[] =>
  kind === 'cancel' ? [{ type: 'cancelled', body: { runId, at, by, reason } }] : [];

/** Takes a row of `tracks`, or the same columns as read back. */
export function trackItem(row: Omit<TrackRow, 'summary' | 'conflicts' | 'state'>): TrackItem {
  const { spotifyStatus, creditsStatus, publishingStatus, linksStatus, analyticsStatus, ...item } = row;
  const statuses = [spotifyStatus, creditsStatus, publishingStatus, linksStatus, analyticsStatus];
  const phases = PHASES.map((phase, index) => [phase, statuses[index] ?? null]);
  return { ...item, phases: Object.fromEntries(phases) as TrackItem['phases'] };
}

export function trackEntry(row: TrackRow, runIds: readonly string[]): FeedEntry {
  const { summary: _summary, conflicts: _conflicts, state: _state, ...shown } = row;
  return { type: 'track', body: { ...trackItem(shown), runIds } };
}

export function playlistEntry({ state: _state, ...item }: PlaylistRow): FeedEntry {
  return { type: 'playlist', body: item };
}
