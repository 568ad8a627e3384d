import type { Alias } from './aliases.ts';
import type { Log } from './log.ts';
import type { Observe } from './metrics.ts';
import type {
  BypassStore,
  Clock,
  Decode,
  Encode,
  HaltStore,
  OpenWriter,
  PauseStore,
  RangeOf,
  SeenGroups,
  StartCounter,
  Subscribe,
} from './ports.ts';
import type { Sleep } from './wait.ts';

/** All that a running stage needs of the world; `app/compose` fills it in, tests with the in-memory adapters. */
export type StagePorts = {
  readonly subscribe: Subscribe;
  readonly openWriter: OpenWriter;
  readonly range: RangeOf;
  readonly seen: SeenGroups;
  /** Goes on from the first record that stands where the log has lost its place; refuses unless told. */
  readonly acceptLoss?: boolean;
  readonly decode: Decode;
  readonly encode: Encode;
  readonly clock: Clock;
  readonly starts: StartCounter;
  readonly pauses: PauseStore;
  readonly bypasses: BypassStore;
  readonly halts: HaltStore;
  readonly observe: Observe;
  readonly log: Log;
  /** At least 0, below 1. */
  readonly random: () => number;
  readonly sleep: Sleep;
  /** Monotonic milliseconds, for durations only: `performance.now`. */
  readonly stopwatch: () => number;
  /** Version of the running code; dead letters name it, which answers "fixed since?". */
  readonly codeVersion: string;
  /** Whose names the headers of dead letters get too; none unless told. */
  readonly aliases?: readonly Alias[];
  /** Bytes a record of this topic may have. */
  readonly maxBytes: (topic: string) => number;
};
