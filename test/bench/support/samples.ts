/** What a process under test says of itself: when, how much memory it holds, and how many records each step has done. */
export type Sample = {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Bytes. */
  readonly rss: number;
  /** Bytes, the most since the process began, as the kernel has it. */
  readonly maxRss: number;
  /** Seconds of CPU since the process began, all threads, user and system. */
  readonly cpu: number;
  readonly done: Readonly<Record<string, number>>;
};

const EVERY_MS = 100;

/** Sends samples to the parent until it says stop or goes away. */
export function sendSamples(done: Readonly<Record<string, number>>, stop: () => Promise<void>): void {
  const send = (): void => {
    const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
    const sample: Sample = {
      at: Date.now(),
      rss: process.memoryUsage.rss(),
      maxRss: maxRSS * 1024,
      cpu: (userCPUTime + systemCPUTime) / 1e6,
      done: { ...done },
    };
    process.send?.(sample);
  };
  send();
  const timer = setInterval(send, EVERY_MS);
  const end = async (): Promise<void> => {
    clearInterval(timer);
    await stop();
    send();
    process.exit(0);
  };
  process.once('message', end);
  process.once('disconnect', () => process.exit(1));
}
