import type { KafkaAdmin } from '#adapters/kafka/admin.ts';
import type { LogReader } from '#stream/ports.ts';
import type { Position } from '#stream/record.ts';
import { PHASES } from '#track/phase.ts';
import { TOPOLOGY } from '#track/topology.ts';

/** How much of a topic a group has still to do. `exact` is false where it is an upper bound (control records count too). */
export type Lag = { readonly group: string; readonly topic: string; readonly records: number; readonly exact: boolean };

/** Up to so many offsets are read and counted; more are estimated. */
const COUNTED = 2_000;

/** The lag of every stage on both of its lanes. */
export async function lagsOf(admin: KafkaAdmin, reader: LogReader): Promise<readonly Lag[]> {
  const inputs = PHASES.flatMap((phase) => {
    const { group, from, replay } = TOPOLOGY[phase];
    return [from, replay].map((topic) => ({ group, topic }));
  });
  const lags: Lag[] = [];
  for (const { group, topic } of inputs) lags.push(await lagOf(group, topic, admin, reader));
  return lags;
}

async function lagOf(group: string, topic: string, admin: KafkaAdmin, reader: LogReader): Promise<Lag> {
  const [ends, starts, offsets] = await Promise.all([
    admin.ends(topic),
    admin.starts(topic),
    admin.groupOffsets(group, [topic]),
  ]);
  const at = (positions: readonly { partition: number; offset: number | null }[], partition: number) =>
    positions.find((position) => position.partition === partition)?.offset ?? null;
  const next = (partition: number): number => at(offsets, partition) ?? at(starts, partition) ?? 0;
  const behind = ends
    .map((end): Position & { readonly distance: number } => {
      const offset = next(end.partition);
      return { topic, partition: end.partition, offset, distance: end.offset - offset };
    })
    .filter(({ distance }) => distance > 0);
  const distance = behind.reduce((sum, position) => sum + position.distance, 0);
  if (distance > COUNTED) return { group, topic, records: distance, exact: false };
  // After a transaction stands its end marker, an offset that is no record: only reading tells them apart.
  let records = 0;
  for await (const _ of reader.read(behind)) records += 1;
  return { group, topic, records, exact: true };
}
