import type { LetterSelection } from '#feed/letter-ports.ts';
import type { LetterMap } from './map.ts';

/** What is to be redriven, and how. */
export type RedriveOrder = {
  /** Which of the open letters. */
  readonly selection: LetterSelection;
  /** Letters a second, over restarts too. */
  readonly rate: number;
  /** Most letters; `null`: all. */
  readonly max: number | null;
  /** Letters that were redriven so often are left alone. */
  readonly maxRedrives: number;
  /** The letters are to show whether their provider is back: it does not count that they were redriven. */
  readonly probe: boolean;
  /** What mends a letter's value before it is sent; `null`: the original bytes are sent. */
  readonly map: LetterMap | null;
  readonly by: string;
  readonly reason: string | null;
  /** A redrive of this id is done once; `null`: one of the same selection that was interrupted goes on, else a new one begins. */
  readonly id: string | null;
};

/** Why a letter of the selection was not sent. */
export type LeftReason = 'too_often' | 'gone' | 'too_large' | 'map' | 'headers';

/** What each reason means, for people. */
export const LEFT: Readonly<Record<LeftReason, string>> = {
  too_often: 'redriven too often already (--max-redrives)',
  gone: 'no longer on the topic: retention has taken it',
  too_large: 'larger than the replay topic takes',
  map: 'the map did not make an event of it that fits',
  headers: 'its headers are in no known dialect',
};

export type LeftLetter = { readonly letterId: string; readonly reason: LeftReason; readonly message: string };

/** Letters left by reason, and some of them. */
export type Left = {
  readonly counts: Readonly<Partial<Record<LeftReason, number>>>;
  readonly some: readonly LeftLetter[];
};

const MOST_LISTED = 20;

/** Adds up letters that are left. */
export function leftovers() {
  const counts: Partial<Record<LeftReason, number>> = {};
  const some: LeftLetter[] = [];
  return {
    add(letter: LeftLetter): void {
      counts[letter.reason] = (counts[letter.reason] ?? 0) + 1;
      if (some.length < MOST_LISTED) some.push(letter);
    },
    told: (): Left => ({ counts: { ...counts }, some: [...some] }),
  };
}
