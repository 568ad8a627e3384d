import { stateOf } from '#track/state.ts';
import { answeredIn, neverAnswered } from './answered.ts';
import type { Letter } from './letter.ts';
import { firstOperation, type OperationRow } from './operation-row.ts';
import type { Reading } from './reading.ts';
import { mergeRunFacts, type RunFacts } from './run-facts.ts';
import { mergeRunTracks, type RunTrack, runTrackKey } from './run-track.ts';
import { COMPLETE } from './sources.ts';
import { mergeStored, type StoredTrack, unknownTrack } from './stored-track.ts';

/** What a batch adds to the read model, folded: one share per track, per (run, track), per run, per letter and per operation. */
export type Changes = {
  readonly tracks: ReadonlyMap<string, StoredTrack>;
  readonly runTracks: ReadonlyMap<string, RunTrack>;
  readonly runs: ReadonlyMap<string, RunFacts>;
  readonly letters: ReadonlyMap<string, Letter>;
  readonly operations: ReadonlyMap<string, OperationRow>;
};

type Share = { readonly track: StoredTrack | null; readonly runTrack: RunTrack | null; readonly run: RunFacts | null };

/** Folds readings into changes. Pure; the order of the readings does not matter, nor how often one comes. */
export function changesOf(readings: readonly Reading[]): Changes {
  const tracks = new Map<string, StoredTrack>();
  const runTracks = new Map<string, RunTrack>();
  const runs = new Map<string, RunFacts>();
  const letters = new Map<string, Letter>();
  for (const reading of readings) {
    const { track, runTrack, run } = shareOf(reading);
    if (track !== null) fold(tracks, track.track.trackId, track, mergeStored);
    if (runTrack !== null) fold(runTracks, runTrackKey(runTrack), runTrack, mergeRunTracks);
    if (run !== null) fold(runs, run.runId, run, mergeRunFacts);
    if (reading.kind === 'letter') fold(letters, reading.letter.letterId, reading.letter, newestLetter);
  }
  return { tracks, runTracks, runs, letters, operations: operationsOf(readings) };
}

function operationsOf(readings: readonly Reading[]): Changes['operations'] {
  const operations = new Map<string, OperationRow>();
  for (const reading of readings) {
    if (reading.kind !== 'operation') continue;
    fold(operations, reading.operation.operationId, reading.operation, firstOperation);
  }
  return operations;
}

function fold<Value>(into: Map<string, Value>, key: string, value: Value, merge: (a: Value, b: Value) => Value): void {
  const before = into.get(key);
  into.set(key, before === undefined ? value : merge(before, value));
}

/** A letter that comes again (a redrive that failed) is the same letter with a longer history: the copy that stands last. */
const newestLetter = (a: Letter, b: Letter): Letter => (a.offset >= b.offset ? a : b);

function shareOf(reading: Reading): Share {
  if (reading.kind === 'event') return eventShare(reading);
  if (reading.kind === 'letter') return letterShare(reading);
  if (reading.kind === 'operation') return operationShare(reading.operation);
  return { track: null, runTrack: null, run: null };
}

function eventShare({ event, runId, reached, at }: Extract<Reading, { kind: 'event' }>): Share {
  const track = stateOf(event);
  const { trackId, reports } = track;
  // A replay's events bear its run; their playlist is that of the run by which the track was seen.
  const isOwn = event.raw.runId === runId;
  const { playlist, runTotal } = isOwn ? event.raw : { playlist: null, runTotal: null };
  const completeAt = reached === COMPLETE ? at : null;
  return {
    track: { track, answered: answeredIn(reports), reached, lost: null, firstSeenAt: at, completeAt, updatedAt: at },
    runTrack: { runId, trackId, reached, lost: null, reports },
    run: {
      runId,
      total: runTotal,
      playlistId: playlist?.id ?? null,
      playlistName: playlist?.name ?? null,
      firstAt: at,
      lastAt: at,
    },
  };
}

/** A letter tells where its track got to; one without a forward also that it went no further. */
function letterShare({ letter, reached, at }: Extract<Reading, { kind: 'letter' }>): Share {
  const { trackId, runId } = letter;
  const lost = letter.forwarded ? null : reached;
  const track = trackId === null ? null : unknownTrack(trackId);
  return {
    track:
      track === null
        ? null
        : { track, answered: neverAnswered(), reached, lost, firstSeenAt: at, completeAt: null, updatedAt: at },
    runTrack:
      runId === null || track === null
        ? null
        : { runId, trackId: track.trackId, reached, lost, reports: track.reports },
    run: runId === null ? null : { runId, total: null, playlistId: null, playlistName: null, firstAt: at, lastAt: at },
  };
}

/** How many tracks the run of a replay has is known when the replay ends. */
function operationShare({ kind, target: runId, details, at }: OperationRow): Share {
  const total = Number(details['tracks'] ?? details['sent']);
  if (kind !== 'replay_ended' || !Number.isSafeInteger(total)) return { track: null, runTrack: null, run: null };
  const moment = Date.parse(at);
  const facts = { runId, total, playlistId: null, playlistName: null, firstAt: moment, lastAt: moment };
  return { track: null, runTrack: null, run: facts };
}
