import { openLetters, type Stretch } from '#adapters/postgres/redrives.ts';
import type { Connections } from '#app/connect.ts';
import type { LetterItem, LetterSelection } from '#feed/letter-ports.ts';
import type { LogReader } from '#stream/ports.ts';
import type { StoredRecord } from '#stream/record.ts';

/** A letter as the read model knows it, with its record; `null`: retention has taken it. */
export type Standing = { readonly letter: LetterItem; readonly record: StoredRecord | null };

/** Letters that are looked up together. */
const AT_ONCE = 1000;

/**
 * The open letters of a selection in a stretch of a dead-letter topic with their records, in order, in portions. Each portion is
 * looked up when it is asked for, a thousand letters at a time.
 */
export async function* openIn(
  { pool, broker }: Pick<Connections, 'pool' | 'broker'>,
  selection: LetterSelection,
  stretch: Stretch,
  portion: number,
): AsyncGenerator<readonly Standing[]> {
  let { from } = stretch;
  for (;;) {
    const letters = await openLetters(pool, selection, { ...stretch, from }, AT_ONCE);
    const last = letters.at(-1);
    if (last === undefined) return;
    yield* withRecords(broker.reader, letters, portion);
    from = last.offset + 1;
  }
}

/** Letters of one partition, joined with their records as these are read: no more than a portion is in memory. */
async function* withRecords(
  reader: LogReader,
  letters: readonly LetterItem[],
  portion: number,
): AsyncGenerator<readonly Standing[]> {
  const [first] = letters;
  if (first === undefined) return;
  const joined = joining(letters);
  for await (const record of reader.read([{ topic: first.topic, partition: first.partition, offset: first.offset }])) {
    joined.met(record);
    if (joined.held() >= portion) yield joined.handed();
    if (joined.isWhole()) break;
  }
  joined.over();
  if (joined.held() > 0) yield joined.handed();
}

/** Letters in the order of their offsets, each held with its record once the log has come to its place. */
function joining(letters: readonly LetterItem[]) {
  let next = 0;
  let held: Standing[] = [];
  const hold = (letter: LetterItem, record: StoredRecord | null): void => {
    held.push({ letter, record });
    next += 1;
  };
  /** What stands before the offset and was not met is gone. */
  const upTo = (offset: number): void => {
    for (let letter = letters[next]; letter !== undefined && letter.offset < offset; letter = letters[next])
      hold(letter, null);
  };
  return {
    met(record: StoredRecord): void {
      upTo(record.offset);
      const letter = letters[next];
      if (letter?.offset === record.offset) hold(letter, record);
    },
    over: () => upTo(Number.POSITIVE_INFINITY),
    held: () => held.length,
    isWhole: () => next === letters.length,
    handed(): readonly Standing[] {
      const portion = held;
      held = [];
      return portion;
    },
  };
}
