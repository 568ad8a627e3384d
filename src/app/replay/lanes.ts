import type { KafkaAdmin } from '#adapters/kafka/admin.ts';
import { lagsOf } from '#app/lag.ts';
import { phasesFrom } from '#replay/order.ts';
import type { LogReader } from '#stream/ports.ts';
import { PHASES, type PhaseName } from '#track/phase.ts';
import { TOPOLOGY } from '#track/topology.ts';

const lanesFrom = (phase: PhaseName) => phasesFrom(phase, PHASES).map((one) => TOPOLOGY[one]);

/**
 * About how many records wait in the replay lanes from this phase on. An upper bound: the ends of transactions take up offsets too,
 * one or two a partition.
 */
export async function waitingFrom(phase: PhaseName, admin: KafkaAdmin): Promise<number> {
  let waiting = 0;
  for (const { group, replay } of lanesFrom(phase)) {
    const [ends, committed] = await Promise.all([admin.ends(replay), admin.groupOffsets(group, [replay])]);
    for (const { partition, offset } of ends) {
      waiting += offset - (committed.find((one) => one.partition === partition)?.offset ?? 0);
    }
  }
  return waiting;
}

/** Whether every replay lane from this phase on is worked off. Looked at in the order of the chain, so nothing slips by. */
export async function areWorkedOff(phase: PhaseName, admin: KafkaAdmin, reader: LogReader): Promise<boolean> {
  const topics = new Set(lanesFrom(phase).map(({ replay }) => replay));
  const lags = await lagsOf(admin, reader);
  return lags.every(({ topic, records }) => !topics.has(topic) || records === 0);
}
