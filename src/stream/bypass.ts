import type { Failure } from './failure.ts';
import { fingerprintOf } from './fingerprint.ts';
import { recent } from './recent.ts';
import type { Stage } from './stage.ts';
import type { StagePorts } from './stage-ports.ts';

/** Probes that must succeed one after another before the stage works as ever: one page may be spared what befell the others. */
const PROBES_TO_END = 3;
/** How often a process asks whether another one has begun or ended the bypass: one small read a stage, and only with a batch. */
const LEARN_MS = 2_000;
/** What stands among the fingerprints for a record that went well. */
const WELL = '';

/** What a bypassing stage does: who needs the provider goes on at once with this failure; a probe is due, or not. */
export type Detour = { readonly cause: Failure; readonly probe: boolean };

/**
 * The way past a stage whose provider answers, but with something that nobody can use: a new layout, a new shape. Trying each of
 * ten thousand events would take long and teach nothing; each goes on at once instead, with its letter, until probes succeed.
 */
export type Bypass = {
  /** Takes up a bypass that was on when the process before ended. */
  restore(): Promise<void>;
  /** Learns, at most {@link LEARN_MS} late, what another process of the stage has begun or ended. */
  learn(now: number): Promise<void>;
  /** `null` while the stage works as ever. Who is told `probe` tells {@link probed}. */
  detour(now: number): Detour | null;
  /** Counts how messages ended that were really tried: with this failure, or well. */
  tried(failures: readonly (Failure | null)[], now: number): Promise<void>;
  /** How the probe ended. */
  probed(failure: Failure | null, now: number): Promise<void>;
  /** The probe came to nothing: somebody else may try. */
  released(): void;
};

type Bypassing = { readonly cause: Failure; readonly since: number; readonly probeAt: number; readonly well: number };

type Ports = Pick<StagePorts, 'bypasses' | 'observe' | 'log'>;

/** One bypass a stage and process. */
export function stageBypass({ name, limits }: Pick<Stage<never, never>, 'name' | 'limits'>, ports: Ports): Bypass {
  const { most, of, probeMs } = limits.bypass;
  const lately = recent<string>(of);
  let on: Bypassing | null = null;
  let probing = false;
  let learnAt = 0;
  let changes = 0;

  const become = (next: Bypassing | null): void => {
    on = next;
    changes += 1;
    probing = false;
    ports.observe('linernotes_stage_bypassing', { stage: name }, next === null ? 0 : 1);
  };

  const begin = async (cause: Failure, now: number): Promise<void> => {
    const since = await ports.bypasses.begin(name, cause, now);
    become({ cause, since, probeAt: now + probeMs, well: 0 });
    ports.observe('linernotes_stage_bypasses_total', { stage: name }, 1);
    ports.log('error', 'stage.bypassed', { stage: name, code: cause.code, message: cause.message, most, of });
  };

  const end = async ({ since, cause }: Bypassing, now: number): Promise<void> => {
    await ports.bypasses.end(name);
    lately.clear();
    become(null);
    ports.log('info', 'stage.bypass-ended', { stage: name, code: cause.code, since, bypassedMs: now - since });
  };

  /** Counts one ending; the one that fills the measure begins the bypass. */
  const note = async (why: Failure | null, now: number): Promise<void> => {
    const cause = why === null ? WELL : fingerprintOf(name, why);
    lately.add(cause);
    if (why !== null && lately.count(cause) >= most) await begin(why, now);
  };

  /** A probe that was refused: the bypass goes on, also if another process has ended the stored one meanwhile. */
  const goOn = async (bypass: Bypassing, now: number): Promise<void> => {
    await ports.bypasses.begin(name, bypass.cause, bypass.since);
    become({ ...bypass, well: 0, probeAt: now + probeMs });
  };

  /** The other process tries records itself, so a first probe here can wait its time. */
  const joined = ({ cause, since }: Pick<Bypassing, 'cause' | 'since'>, now: number): void => {
    become({ cause, since, probeAt: now + probeMs, well: 0 });
    ports.log('warn', 'stage.bypassed-elsewhere', { stage: name, code: cause.code, since });
  };

  const left = ({ cause, since }: Bypassing): void => {
    lately.clear();
    become(null);
    ports.log('info', 'stage.bypass-ended-elsewhere', { stage: name, code: cause.code, since });
  };

  return {
    async learn(now) {
      if (now < learnAt) return;
      learnAt = now + LEARN_MS;
      const before = changes;
      const stored = await ports.bypasses.current(name);
      // What this process did while it asked is newer than the answer.
      if (changes !== before) return;
      if (on === null && stored !== null) joined(stored, now);
      if (on !== null && stored === null) left(on);
    },

    async restore() {
      const stored = await ports.bypasses.current(name);
      if (stored === null) return;
      become({ ...stored, probeAt: 0, well: 0 });
      ports.log('warn', 'stage.still-bypassed', { stage: name, code: stored.cause.code, since: stored.since });
    },

    detour(now) {
      if (on === null) return null;
      const probe = !probing && now >= on.probeAt;
      probing ||= probe;
      return { cause: on.cause, probe };
    },

    async tried(failures, now) {
      for (const why of failures) if (on === null) await note(why, now);
    },

    async probed(why, now) {
      if (on === null) return;
      ports.observe('linernotes_stage_probes_total', { stage: name, answer: why === null ? 'answered' : 'refused' }, 1);
      if (why !== null) return goOn(on, now);
      const well = on.well + 1;
      if (well >= PROBES_TO_END) return end(on, now);
      become({ ...on, well, probeAt: now });
    },

    released() {
      probing = false;
    },
  };
}
