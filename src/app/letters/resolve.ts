import { randomUUID } from 'node:crypto';
import { openByPlace, openLetters, type Stretch } from '#adapters/postgres/redrives.ts';
import type { Connections } from '#app/connect.ts';
import { operationAt, operationRecord } from '#app/operations/append.ts';
import { applied } from '#app/operations/applied.ts';
import type { LetterItem, LetterSelection } from '#feed/letter-ports.ts';
import type { Operation } from '#track/operation.ts';
import { OPERATIONS_TOPIC } from '#track/topology.ts';
import { selectionText } from './selection-text.ts';

/** What is to be closed by hand, by whom and why. */
export type ResolveOrder = { readonly selection: LetterSelection; readonly by: string; readonly reason: string };

/** How many letters were closed; `refused`: what is open is not known. */
export type Resolved = { readonly resolved: number } | { readonly refused: string };

const AT_ONCE = 500;

/**
 * Closes the open letters of a selection by hand. Killed on the way it has closed some; again it closes the rest.
 * @throws when broker, registry or database are lost
 */
export async function resolveLetters(
  { selection, by, reason }: ResolveOrder,
  connections: Pick<Connections, 'pool' | 'broker' | 'codec' | 'clock'>,
  dlqs: readonly string[],
  signal: AbortSignal,
): Promise<Resolved> {
  const known = await applied(connections, [OPERATIONS_TOPIC, ...dlqs], { signal });
  if (!known.applied) return { refused: known.message };
  const places = (await openByPlace(connections.pool, selection)).filter(({ topic }) => dlqs.includes(topic));
  const letters = places.reduce((sum, place) => sum + place.letters, 0);
  if (letters === 0) return { resolved: 0 };
  const resolve = randomUUID();
  const at = await connections.clock();
  const write = async (operations: readonly Operation[]): Promise<void> =>
    connections.broker.produce(
      await Promise.all(operations.map((operation) => operationRecord(operation, connections.codec.encode))),
    );
  const target = dlqs.length === 1 ? String(dlqs[0]) : 'dead-letters';
  const details = { selection: selectionText(selection), letters: String(letters) };
  await write([operationAt({ id: resolve, kind: 'resolve', by, target, reason, details }, at)]);
  let resolved = 0;
  for (const { topic, partition } of places) {
    const stretch = { topic, partition, from: 0, to: Number.MAX_SAFE_INTEGER };
    for await (const portion of inPortions(connections, selection, stretch)) {
      if (signal.aborted) return { resolved };
      await write(portion.map((letter) => closing(letter, { by, reason, resolve }, at)));
      resolved += portion.length;
    }
  }
  return { resolved };
}

async function* inPortions(
  { pool }: Pick<Connections, 'pool'>,
  selection: LetterSelection,
  stretch: Stretch,
): AsyncGenerator<readonly LetterItem[]> {
  let { from } = stretch;
  for (;;) {
    const letters = await openLetters(pool, selection, { ...stretch, from }, AT_ONCE);
    const last = letters.at(-1);
    if (last === undefined) return;
    yield letters;
    from = last.offset + 1;
  }
}

/** One note for each copy of a letter, whoever closes it. */
function closing(
  { letterId, topic, partition, offset }: LetterItem,
  { by, reason, resolve }: { readonly by: string; readonly reason: string; readonly resolve: string },
  at: number,
): Operation {
  const details = { topic, partition: String(partition), offset: String(offset), resolve };
  const id = `resolved:${topic}:${partition}:${offset}`;
  return operationAt({ id, kind: 'letter_resolved', by, target: letterId, reason, details }, at);
}
