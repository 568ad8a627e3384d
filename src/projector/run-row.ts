import type { PhaseName } from '#track/phase.ts';

/** A run as others read it. */
export type RunRow = {
  readonly runId: string;
  readonly playlistId: string | null;
  readonly playlistName: string | null;
  readonly total: number | null;
  readonly accepted: number;
  readonly complete: number;
  readonly inFlight: number;
  readonly deadLettered: number;
  readonly degraded: number;
  readonly letters: number;
  readonly finished: boolean;
  readonly firstAt: string;
  readonly lastAt: string;
  /** By phase: how many tracks `arrived`, and how the phase ended for how many. */
  readonly phases: Readonly<Record<PhaseName, Readonly<Record<string, number>>>>;
};
