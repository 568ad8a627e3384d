/** How long a work waits for others while few, or many, questions are under way that may bring some. */
const WAIT_MS = { few: 3_000, many: 30_000 };
const MANY = 10;

/** So long after questions were last asked beside each other, more works may come: a short pause of the account ends no wait. */
const FOLLOW_MS = 2_000;

/**
 * Whether works have company to wait for. Recordings and songs come one by one, as slow as the account is, and each brings a work or
 * two: in a backlog a work waits until its call is full. Each process gathers its own, and of several each gets a part of the
 * account's calls, so that can take long. It holds up nobody: events of a batch go on together, and the questions that are waited for
 * are theirs.
 */
export type Company = {
  /** Asks a question whose answer may bring works. */
  asking<Value>(question: () => Promise<Value>): Promise<Value>;
  /** Whether it pays to wait on. */
  isToCome(waitedMs: number): boolean;
  readonly longestMs: number;
};

/** @param scarcity how much of a wait pays (`scarcityOf`) */
export function companyOf(scarcity: number): Company {
  let underway = 0;
  let until = Number.NEGATIVE_INFINITY;
  const note = (): void => {
    if (underway > 1) until = performance.now() + FOLLOW_MS * scarcity;
  };

  return {
    asking: async (question) => {
      underway += 1;
      note();
      try {
        return await question();
      } finally {
        note();
        underway -= 1;
      }
    },
    isToCome: (waitedMs) => performance.now() < until && (underway >= MANY || waitedMs < WAIT_MS.few * scarcity),
    longestMs: WAIT_MS.many * scarcity,
  };
}
