import { knownTracks } from '#adapters/postgres/replay/known-tracks.ts';
import type { Connections } from '#app/connect.ts';
import type { ReplaySource } from '#replay/ports.ts';
import { rangeSource } from '#replay/range-source.ts';
import type { Selection } from '#replay/selection.ts';
import { storedSource } from '#replay/stored-source.ts';

/**
 * The source of a selection on this process's connections.
 * @param startedAt milliseconds since the epoch
 */
export function sourceOf(
  selection: Selection,
  startedAt: number,
  { pool, broker, codec }: Pick<Connections, 'pool' | 'broker' | 'codec'>,
): ReplaySource {
  const known = knownTracks(pool);
  return selection.kind === 'range'
    ? rangeSource(selection, { reader: broker.reader, decode: codec.decode, known })
    : storedSource(selection, startedAt, known);
}
