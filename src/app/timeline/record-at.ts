import type { LogReader } from '#stream/ports.ts';
import type { Position, StoredRecord } from '#stream/record.ts';

/** The record that stands exactly here; `null` when retention has taken it or none was ever committed. */
export async function recordAt(reader: LogReader, position: Position): Promise<StoredRecord | null> {
  for await (const record of reader.read([position])) return record.offset === position.offset ? record : null;
  return null;
}
