import { setTimeout as sleep } from 'node:timers/promises';
import type { Reads } from '#feed/ports.ts';
import { PHASES } from '#track/phase.ts';
import { type Progress, progressOf } from '../progress.ts';
import type { ProviderMode } from '../providers.ts';
import type { Screen } from './screen.ts';
import { tableLines } from './table.ts';

/** How often the read model is looked at, and over how many looks a rate is taken. */
const LOOK_MS = 500;
const LOOKS = 6;

type Look = { readonly at: number; readonly progress: Progress };

/** Settled tracks per second and phase, between the oldest and the newest look. */
function ratesOf(looks: readonly Look[]): Readonly<Record<string, number>> {
  const [first, last] = [looks[0], looks.at(-1)];
  if (first === undefined || last === undefined || last.at <= first.at) return {};
  const settled = ({ phases }: Progress, phase: (typeof PHASES)[number]) => {
    const { arrived: _, ...by } = phases[phase];
    return Object.values(by).reduce((sum, n) => sum + n, 0);
  };
  const perSecond = (phase: (typeof PHASES)[number]) =>
    ((settled(last.progress, phase) - settled(first.progress, phase)) / (last.at - first.at)) * 1000;
  return Object.fromEntries(PHASES.map((phase) => [phase, Math.max(0, perSecond(phase))]));
}

/**
 * Draws the live table until the signal aborts or `done` says so.
 * @param runIds which runs; `null` for all
 * @returns the last progress
 */
export async function watchProgress(
  reads: Reads,
  screen: Screen,
  options: {
    readonly runIds: readonly string[] | null;
    readonly modes: Readonly<Record<string, ProviderMode>>;
    readonly width: () => number;
    readonly signal: AbortSignal;
    readonly done: (progress: Progress) => boolean;
  },
): Promise<Progress> {
  const looks: Look[] = [];
  for (;;) {
    const progress = await progressOf(reads, options.runIds);
    looks.push({ at: performance.now(), progress });
    if (looks.length > LOOKS) looks.shift();
    screen.draw(tableLines(progress, { modes: options.modes, rates: ratesOf(looks), width: options.width() }));
    if (options.signal.aborted || options.done(progress)) return progress;
    await sleep(LOOK_MS, undefined, { signal: options.signal }).catch(() => undefined);
  }
}
