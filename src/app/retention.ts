import type { Pool } from 'pg';
import type { KafkaAdmin } from '#adapters/kafka/admin.ts';
import type { LogReader } from '#stream/ports.ts';
import type { Position, TopicPartition } from '#stream/record.ts';
import { PHASES } from '#track/phase.ts';
import { TOPOLOGY } from '#track/topology.ts';

/** Records that somebody still needs and that retention comes close to, or has taken. */
export type RetentionRisk = TopicPartition & {
  readonly group: string;
  /** `unread`: the group has not read them. `letters`: nobody has redriven or resolved them. */
  readonly what: 'unread' | 'letters';
  /** When the oldest of them was written (ISO), or `null` when it is gone already. */
  readonly oldest: string | null;
  readonly retentionMs: number;
};

/** From this share of the retention on somebody is told: days are left to act, at the usual week. */
const NEAR = 0.75;
/** What a topic has that sets no retention of its own, unless the broker was told otherwise. */
const BROKER_DEFAULT_MS = 7 * 24 * 3_600_000;

const OLDEST_LETTERS = `
  select consumer_group as "group", topic, partition, min("offset")::float8 as "offset",
    (extract(epoch from min(at)) * 1000)::float8 as at
  from dead_letters where state = 'open' group by 1, 2, 3`;

type Needed = Position & { readonly group: string; readonly what: RetentionRisk['what']; readonly at: number | null };

/**
 * What retention threatens: records that a stage has not read yet, and open dead letters. Topics that keep everything, as ours do
 * unless their operator decided otherwise, are never at risk.
 * @param now milliseconds since the epoch
 */
export async function retentionRisks(
  admin: KafkaAdmin,
  reader: LogReader,
  pool: Pick<Pool, 'query'>,
  now: number,
): Promise<readonly RetentionRisk[]> {
  const inputs = PHASES.flatMap((phase) => {
    const { group, from, replay } = TOPOLOGY[phase];
    return [from, replay].map((topic) => ({ group, topic }));
  });
  const dlqs = PHASES.map((phase) => TOPOLOGY[phase].dlq);
  const retentions = await retentionsOf(admin, [...inputs.map(({ topic }) => topic), ...dlqs]);
  if (retentions.size === 0) return [];
  const { rows: letters } = await pool.query<Omit<Needed, 'what'>>(OLDEST_LETTERS);
  const needed: Needed[] = letters.map((letter) => ({ ...letter, what: 'letters' }));
  for (const { group, topic } of inputs)
    if (retentions.has(topic)) needed.push(...(await unreadOf(group, topic, admin, reader)));
  const risks: RetentionRisk[] = [];
  for (const topic of new Set(needed.map((one) => one.topic))) {
    const retentionMs = retentions.get(topic);
    if (retentionMs === undefined) continue;
    const starts = await admin.starts(topic);
    const ofTopic = needed.filter((one) => one.topic === topic);
    risks.push(...ofTopic.flatMap((one) => riskOf(one, startOf(starts, one.partition), retentionMs, now)));
  }
  return risks;
}

/** The topics that forget, with how long they remember. */
async function retentionsOf(admin: KafkaAdmin, topics: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const described = await admin.describe([...new Set(topics)]);
  const all = described.map(({ name, config }) => [name, Number(config['retention.ms'] ?? BROKER_DEFAULT_MS)] as const);
  return new Map(all.filter(([, ms]) => ms >= 0));
}

const startOf = (starts: readonly Position[], partition: number): number =>
  starts.find((start) => start.partition === partition)?.offset ?? 0;

/** The first record of each partition that a group has not read. */
async function unreadOf(
  group: string,
  topic: string,
  admin: KafkaAdmin,
  reader: LogReader,
): Promise<readonly Needed[]> {
  const [ends, offsets] = await Promise.all([admin.ends(topic), admin.groupOffsets(group, [topic])]);
  const unread: Needed[] = [];
  for (const { partition, offset: end } of ends) {
    const offset = offsets.find((one) => one.partition === partition)?.offset ?? null;
    if (offset === null || offset >= end) continue;
    for await (const { timestamp } of reader.read([{ topic, partition, offset }])) {
      unread.push({ group, topic, partition, offset, what: 'unread', at: timestamp });
      break;
    }
  }
  return unread;
}

function riskOf(
  { group, what, at, ...place }: Needed,
  start: number,
  retentionMs: number,
  now: number,
): RetentionRisk[] {
  const { topic, partition, offset } = place;
  const isGone = offset < start;
  if (!isGone && (at === null || now - at < retentionMs * NEAR)) return [];
  const oldest = isGone || at === null ? null : new Date(at).toISOString();
  return [{ group, topic, partition, what, oldest, retentionMs }];
}

const DAY_MS = 24 * 3_600_000;

/** One risk in a sentence, with the mend. */
export function riskLine({ group, topic, partition, what, oldest, retentionMs }: RetentionRisk): string {
  const whose = what === 'unread' ? `${group} has not read` : `open letters of ${group} stand in`;
  const days = `${Math.round((retentionMs / DAY_MS) * 10) / 10} days`;
  return oldest === null
    ? `lost: ${whose} ${topic}/${partition} to where retention (${days}) has been`
    : `retention: ${whose} ${topic}/${partition} since ${oldest}, and it keeps ${days}: raise retention.ms, ${what === 'unread' ? 'or see why the group stands' : 'or redrive or resolve them'}`;
}
