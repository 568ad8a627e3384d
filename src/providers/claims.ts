import DataLoader from 'dataloader';
import type { Answer, Asking } from './answer.ts';
import type { Ledger } from './ports.ts';
import { type Question, recollection } from './recall.ts';
import type { Source } from './source.ts';

/** How often it is looked whether another process has its answer. */
const LOOK_MS = 100;
const KEYS_A_CLAIM = 1000;

/** Whose turn it is to ask the provider for a key. */
export type Claims<Facts> = {
  /**
   * Waits until the key is ours to ask for, or until another process has asked.
   * @returns what the other process got, or `null`: ours, to be released
   */
  obtain(key: string, asking: Asking, signal: AbortSignal): Promise<Answer<Facts> | null>;
  release(key: string): void;
};

/** Claims on the keys of one source in one lane; all that are wanted in one go are claimed together. */
export function claims<Wire, Facts>(
  source: Source<Wire, Facts>,
  ledger: Ledger,
  lane: 'live' | 'replay',
): Claims<Facts> {
  const { provider, kind } = source;
  const { since, recollected } = recollection(source);
  let nextLook: Promise<void> | null = null;

  const release = (key: string): void => {
    // A claim that could not be released lapses.
    ledger.release(provider, kind, [key]).catch(() => undefined);
  };

  const take = async (questions: readonly Question[]): Promise<readonly (Answer<Facts> | 'ours' | 'theirs')[]> => {
    const keys = [...new Set(questions.map(({ key }) => key))];
    const { ours, entries } = await ledger.claim({ provider, kind, keys, lane, notBefore: since(questions) });
    return questions.map((question) => {
      const answer = recollected(entries.get(question.key), question.asking);
      if (answer === null) return ours.has(question.key) ? 'ours' : 'theirs';
      if (ours.has(question.key)) release(question.key);
      return answer;
    });
  };
  const taken = new DataLoader<Question, Answer<Facts> | 'ours' | 'theirs'>(take, {
    cache: false,
    maxBatchSize: KEYS_A_CLAIM,
  });

  /** One wait for all, so that they look again together. */
  const untilNextLook = (): Promise<void> => {
    nextLook ??= new Promise((resolve) => {
      setTimeout(() => {
        nextLook = null;
        resolve();
      }, LOOK_MS);
    });
    return nextLook;
  };

  return {
    release,
    obtain: async (key, asking, signal) => {
      for (;;) {
        const turn = await taken.load({ key, asking });
        if (turn === 'ours') return null;
        if (turn !== 'theirs') return turn;
        await untilNextLook();
        signal.throwIfAborted();
      }
    },
  };
}
