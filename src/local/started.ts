import type { Supervised } from './supervised.ts';

/** A service that answers. */
export type Started = {
  readonly address: string;
  /** Null when it is not a process of ours (an address that was given, or a container). */
  readonly process: Supervised | null;
  stop(): Promise<void>;
};

/** Where a service that runs on this machine keeps its things. */
export type Place = {
  /** Its data, kept between starts. */
  readonly data: string;
  readonly log: string;
  /** Programs fetched once, shared by all states. */
  readonly downloads: string;
  readonly port: number;
  /** Told of the process as soon as there is one, long before the service answers. */
  spawned(process: Supervised): void;
};

export const startedHere = (address: string, process: Supervised): Started => ({
  address,
  process,
  stop: () => process.stop(),
});
