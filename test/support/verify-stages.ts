import { CHAIN, type Judged, STAGES } from './judged.ts';
import type { LoggedRecord } from './topic-log.ts';

const keyOf = ({ key }: LoggedRecord): string => key?.toString('utf8') ?? '';
const whereOf = ({ topic, partition, offset }: LoggedRecord): string => `${topic}/${partition}/${offset}`;

/** No event id stands twice on a topic, and no dead letter either. */
export function repeatedIds(judged: Judged): readonly string[] {
  const topics = [...CHAIN, ...STAGES.map(({ replay }) => replay)];
  return [
    ...topics.flatMap((topic) => repeats(judged.records(topic), 'ce_id')),
    ...STAGES.flatMap(({ dlq }) => repeats(judged.records(dlq), 'dl-id')),
  ];
}

function repeats(records: readonly LoggedRecord[], header: string): readonly string[] {
  const seen = new Map<string, LoggedRecord>();
  return records.flatMap((record) => {
    const id = record.headers[header];
    if (id === undefined) return [];
    const before = seen.get(id);
    seen.set(id, record);
    return before === undefined ? [] : [`${header} ${id} stands at ${whereOf(before)} and at ${whereOf(record)}.`];
  });
}

/** After the first hop a message's key is its track id, and a track has one partition, the same on all topics. */
export function strayKeys({ events }: Judged): readonly string[] {
  const partitions = new Map<string, number>();
  return events.flatMap(({ record, trackId, place }) => {
    const key = keyOf(record);
    // What strangers put on the first topic is mended by the first hop.
    if (key !== trackId)
      return place === 0 ? [] : [`${whereOf(record)} has the key "${key}" and the track ${trackId}.`];
    const partition = partitions.get(key) ?? record.partition;
    partitions.set(key, partition);
    if (partition === record.partition) return [];
    return [`Track ${key} stands in partition ${partition} and at ${whereOf(record)}.`];
  });
}

/** How the records that a group has read ended. */
export type StageCounts = {
  readonly read: number;
  readonly forwarded: number;
  readonly degraded: number;
  readonly deadLettered: number;
};

type Lane = { readonly group: string; readonly from: string; readonly to: string; readonly dlq: string };

const lanesOf = ({ group, from, to, replay, toReplay, dlq }: (typeof STAGES)[number]): readonly Lane[] => [
  { group, from, to, dlq },
  { group, from: replay, to: toReplay, dlq },
];

type Accounts = { readonly counts: StageCounts; readonly wrong: readonly string[]; readonly made: readonly string[] };

/** Each record that a stage has read ended once: forwarded, degraded or dead-lettered; and nothing came out of nothing. */
export async function stageAccounts(
  judged: Judged,
): Promise<{ readonly counts: Readonly<Record<string, StageCounts>>; readonly wrong: readonly string[] }> {
  const counts: Record<string, StageCounts> = {};
  const wrong: string[] = [];
  for (const stage of STAGES) {
    const lanes: Accounts[] = [];
    for (const lane of lanesOf(stage)) lanes.push(await laneAccounts(judged, lane));
    const made = new Set(lanes.flatMap((lane) => lane.made));
    counts[stage.group] = lanes.map((lane) => lane.counts).reduce(sum);
    wrong.push(...lanes.flatMap((lane) => lane.wrong), ...orphans(judged, stage, made));
  }
  return { counts, wrong };
}

const sum = (a: StageCounts, b: StageCounts): StageCounts => ({
  read: a.read + b.read,
  forwarded: a.forwarded + b.forwarded,
  degraded: a.degraded + b.degraded,
  deadLettered: a.deadLettered + b.deadLettered,
});

async function laneAccounts(judged: Judged, { group, from, to, dlq }: Lane): Promise<Accounts> {
  const committed = await judged.committed(group, from);
  const outputs = byId(judged.records(to), 'ce_id', `${group}:`);
  const letters = byId(judged.records(dlq), 'dl-id', `${group}:`);
  const isRead = ({ partition, offset }: LoggedRecord): boolean => offset < (committed[partition] ?? 0);
  const unread = judged.records(from).filter((record) => !isRead(record));
  const ended = judged
    .records(from)
    .filter(isRead)
    .map(({ topic, partition, offset }) => `${group}:${topic}:${partition}:${offset}`)
    .map((id) => ({ id, ending: endingOf(outputs.get(id) ?? [], letters.get(id) ?? []) }));
  const ending = (kind: string): number => ended.filter((one) => one.ending === kind).length;
  return {
    counts: {
      read: ended.length,
      forwarded: ending('forwarded'),
      degraded: ending('degraded'),
      deadLettered: ending('deadLettered'),
    },
    wrong: [
      ...unread.map((record) => `${group} has not read ${whereOf(record)}.`),
      ...ended.flatMap((one) => (one.ending === null ? [tellBadEnd(one.id, outputs, letters)] : [])),
    ],
    made: ended.map(({ id }) => id),
  };
}

type ById = ReadonlyMap<string, readonly LoggedRecord[]>;

const tellBadEnd = (id: string, outputs: ById, letters: ById): string => {
  const forwarded = letters.get(id)?.map(({ headers }) => headers['dl-forwarded']);
  return `${id} ended as ${outputs.get(id)?.length ?? 0} events and ${letters.get(id)?.length ?? 0} letters (forwarded: ${forwarded}).`;
};

function endingOf(
  outputs: readonly LoggedRecord[],
  letters: readonly LoggedRecord[],
): 'forwarded' | 'degraded' | 'deadLettered' | null {
  if (outputs.length > 1 || letters.length > 1) return null;
  const [letter] = letters;
  if (letter === undefined) return outputs.length === 1 ? 'forwarded' : null;
  const saysForwarded = letter.headers['dl-forwarded'] === 'true';
  if (saysForwarded !== (outputs.length === 1)) return null;
  return saysForwarded ? 'degraded' : 'deadLettered';
}

function byId(records: readonly LoggedRecord[], header: string, prefix: string): Map<string, LoggedRecord[]> {
  const found = new Map<string, LoggedRecord[]>();
  for (const record of records) {
    const id = record.headers[header] ?? '';
    if (id.startsWith(prefix)) found.set(id, [...(found.get(id) ?? []), record]);
  }
  return found;
}

function orphans(judged: Judged, stage: (typeof STAGES)[number], made: ReadonlySet<string>): readonly string[] {
  const written = new Set([stage.to, stage.toReplay]);
  return [...written].flatMap((topic) =>
    judged.records(topic).flatMap((record) => {
      const id = record.headers['ce_id'] ?? '';
      const own = id.startsWith(`${stage.group}:`);
      return own && !made.has(id) ? [`${whereOf(record)} says that it comes of ${id}, which was not read.`] : [];
    }),
  );
}
