import { type Failure, failure } from './failure.ts';
import type { StagePorts } from './stage-ports.ts';
import { orAbort } from './wait.ts';

/**
 * What a batch may do now. `go`: there is no pause. `probe`: try one message and tell how it went. `spent`: patience is over, give
 * up at once.
 */
export type Turn =
  | { readonly kind: 'go' }
  | { readonly kind: 'probe' }
  | { readonly kind: 'spent'; readonly failure: Failure };

/** One stage's pause while its provider is down, shared by all partitions of the process. */
export type Pause = {
  /** Takes up a pause that was on when the process before ended. */
  restore(): Promise<void>;
  /** Whether the stage is paused: then a turn may take its time. */
  on(): boolean;
  /** Waits while the stage is paused, until a probe is due, the pause is over or patience is spent. */
  turn(signal: AbortSignal): Promise<Turn>;
  /** The provider refused; begins the pause or, after a probe, goes on with it. */
  refused(why: Failure, turn: Turn): Promise<void>;
  /** The probe was answered: the pause is over. */
  answered(): Promise<void>;
  /** The probe came to nothing: somebody else may try. */
  released(): void;
};

type Paused = {
  readonly since: number;
  readonly reason: string;
  readonly intervalMs: number;
  readonly probeAt: number;
  /** False while only the store says so: then a first probe is waited for, instead of giving up on hearsay. */
  readonly seen: boolean;
};

/** A pause that ended after patience was spent. The probe may have been a message that needs no provider, so it is on trial. */
type Trial = { readonly since: number; readonly until: number };

type Declared = {
  readonly name: string;
  readonly patienceMs: number;
  readonly retry: { readonly baseMs: number };
};

type Ports = Pick<StagePorts, 'clock' | 'pauses' | 'sleep' | 'observe' | 'log'>;

export function stagePause({ name, patienceMs, retry }: Declared, ports: Ports): Pause {
  const longestMs = Math.max(retry.baseMs, Math.ceil(patienceMs / 2));
  let paused: Paused | null = null;
  let trial: Trial | null = null;
  let probing = false;
  let changed = new AbortController();

  const become = (next: Paused | null): void => {
    paused = next;
    probing = false;
    ports.observe('linernotes_stage_paused', { stage: name }, next === null ? 0 : 1);
    changed.abort();
    changed = new AbortController();
  };

  /** Sleeps until something changes, at most `ms`. */
  const rest = async (ms: number, signal: AbortSignal): Promise<void> => {
    const news = changed.signal;
    const either = AbortSignal.any([signal, news]);
    await ports.sleep(ms, either).catch((error: unknown) => {
      signal.throwIfAborted();
      if (!news.aborted) throw error;
    });
  };

  const lookAt = (pause: Paused, now: number): Turn | number => {
    if (!probing && now >= pause.probeAt) return { kind: 'probe' };
    const left = pause.since + patienceMs - now;
    const why = `Patience of ${patienceMs} ms is spent since ${new Date(pause.since).toISOString()}: ${pause.reason}`;
    if (left <= 0 && pause.seen) return { kind: 'spent', failure: failure('PROVIDER_DOWN', why) };
    if (left <= 0) return longestMs;
    return probing ? left : Math.min(left, pause.probeAt - now);
  };

  /** The turn that may be taken now, or the milliseconds after which to look again. No clock is read while there is no pause. */
  const lookNow = async (signal: AbortSignal): Promise<Turn | number> => {
    signal.throwIfAborted();
    if (paused === null) return { kind: 'go' };
    const now = await orAbort(ports.clock(), signal);
    if (paused === null) return { kind: 'go' };
    const look = lookAt(paused, now);
    // Claimed in the same breath: of all partitions that look now, one probes.
    if (typeof look !== 'number' && look.kind === 'probe') probing = true;
    return look;
  };

  const begin = async (why: Failure): Promise<void> => {
    const now = await ports.clock();
    const reason = `${why.code}: ${why.message}`;
    const relapsed = trial !== null && now < trial.until && why.code !== 'RATE_LIMITED' ? trial.since : null;
    const since = await ports.pauses.begin(name, reason, relapsed ?? now);
    if (paused !== null) return;
    const intervalMs = retry.baseMs;
    become({ since, reason, intervalMs, probeAt: now + (why.retryAfterMs ?? intervalMs), seen: true });
    ports.observe('linernotes_stage_pauses_total', { stage: name }, 1);
    ports.log('warn', 'stage.paused', { stage: name, reason, since, probeAt: now + (why.retryAfterMs ?? intervalMs) });
  };

  const goOn = async (pause: Paused, why: Failure): Promise<void> => {
    const now = await ports.clock();
    const intervalMs = Math.min(longestMs, pause.intervalMs * 2);
    const probeAt = now + (why.retryAfterMs ?? intervalMs);
    const reason = `${why.code}: ${why.message}`;
    // Another process may have ended the stored pause meanwhile; it is on again, from the same start.
    const since = await ports.pauses.begin(name, reason, pause.since);
    become({ since, reason, intervalMs, probeAt, seen: true });
    ports.observe('linernotes_stage_probes_total', { stage: name, answer: 'refused' }, 1);
    ports.log('warn', 'stage.probe-refused', { stage: name, code: why.code, message: why.message, probeAt });
  };

  return {
    async restore() {
      const stored = await ports.pauses.current(name);
      if (stored === null) return;
      become({ ...stored, intervalMs: retry.baseMs, probeAt: 0, seen: false });
      ports.log('warn', 'stage.still-paused', { stage: name, ...stored });
    },

    on: () => paused !== null,

    async turn(signal) {
      let look = await lookNow(signal);
      while (typeof look === 'number') {
        await rest(look, signal);
        look = await lookNow(signal);
      }
      return look;
    },

    async refused(why, turn) {
      if (paused === null) return begin(why);
      if (turn.kind === 'probe') await goOn(paused, why);
    },

    async answered() {
      if (paused === null) return;
      const now = await ports.clock();
      const spent = now >= paused.since + patienceMs;
      trial = spent ? { since: paused.since, until: now + longestMs } : null;
      const since = paused.since;
      await ports.pauses.end(name);
      become(null);
      ports.observe('linernotes_stage_probes_total', { stage: name, answer: 'answered' }, 1);
      ports.log('info', 'stage.resumed', { stage: name, since, pausedMs: now - since });
    },

    released() {
      if (probing) become(paused);
    },
  };
}
