import type { Pool } from 'pg';
import { postgresLedger } from '#adapters/postgres/ledger.ts';
import type { LedgerEntry } from '#providers/ports.ts';
import { createCatalogue } from '#sandbox/catalogue/catalogue.ts';
import { toChartmetricId } from '#sandbox/catalogue/numbers.ts';
import type { Recording } from '#sandbox/catalogue/recordings.ts';
import { trackShape } from '#sandbox/chartmetric/shapes.ts';
import { knownTrack } from '#test/bench/chain/known-tracks.ts';
import { solidTracks } from '#test/support/solid-tracks.ts';
import type { RawTrack } from '#track/raw.ts';

/** So far from the first album that live tracks are others. */
const FAR = 1_000_000;
const HOUR = 3_600_000;
const AT_ONCE = 500;

/** Tracks of which everything is known, each of a recording of its own. */
export type KnownOnes = {
  readonly trackOf: (n: number) => RawTrack;
  /** What Chartmetric said of them. */
  readonly answers: readonly (() => readonly LedgerEntry[])[];
};

/** @param now the clock; all was asked an hour before */
export function knownOnes(count: number, runId: string, now: number): KnownOnes {
  const catalogue = createCatalogue();
  const at = now - HOUR;
  const tracks = solidTracks(count, FAR);

  const answered = (recording: Recording): readonly LedgerEntry[] => {
    const shared = { provider: 'chartmetric', outcome: 'found', fetchedAt: at, profile: 'plan' } as const;
    const id = toChartmetricId(recording.number);
    const ids = [{ isrc: recording.isrc, chartmetric_ids: [id] }];
    return [
      { ...shared, kind: 'id-by-isrc', key: isrcOf(recording), body: ids },
      { ...shared, kind: 'track', key: String(id), body: trackShape(catalogue, recording, at) },
    ];
  };
  return {
    trackOf: (n) => {
      const track = tracks[n];
      if (track === undefined) throw new Error(`There is no track ${n}.`);
      const { id: trackId, recording } = track;
      const asked = { trackId, isrc: isrcOf(recording), at };
      return knownTrack(catalogue, recording, asked, { runId, position: n });
    },
    answers: tracks.map(
      ({ recording }) =>
        () =>
          answered(recording),
    ),
  };
}

function isrcOf({ isrc, number }: Recording): string {
  if (isrc === null) throw new Error(`Recording ${number} has no ISRC.`);
  return isrc;
}

/** Puts what was said of the tracks into the ledger, where the phases would have left it. */
export async function keepAnswers(pool: Pool, { answers }: KnownOnes): Promise<void> {
  const ledger = postgresLedger(pool);
  for (let from = 0; from < answers.length; from += AT_ONCE) {
    await ledger.store(answers.slice(from, from + AT_ONCE).flatMap((answered) => answered()));
  }
  ledger.close();
}
