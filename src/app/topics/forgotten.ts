import type { KafkaAdmin } from '#adapters/kafka/admin.ts';
import { PROJECTED_TOPICS } from '#projector/sources.ts';

/** A topic that the read model follows from, and where its first records are gone: by partition, the offset that now comes first. */
export type Forgotten = { readonly topic: string; readonly from: Readonly<Record<string, number>> };

/**
 * What the log has forgotten of what the read model follows from, by retention or by an operator: a rebuild cannot know it.
 * @param prefix of the topics' names on this cluster
 */
export async function forgottenIn(
  cluster: Pick<KafkaAdmin, 'list' | 'starts'>,
  prefix = '',
): Promise<readonly Forgotten[]> {
  const there = new Set(await cluster.list());
  const topics = PROJECTED_TOPICS.map((topic) => `${prefix}${topic}`).filter((topic) => there.has(topic));
  const starts = await Promise.all(topics.map((topic) => cluster.starts(topic)));
  return topics.flatMap((topic, place) => {
    const gone = (starts[place] ?? []).filter(({ offset }) => offset > 0);
    return gone.length === 0
      ? []
      : [{ topic, from: Object.fromEntries(gone.map(({ partition, offset }) => [String(partition), offset])) }];
  });
}

/** The warning for people; nothing while everything is there. */
export function forgottenLines(forgotten: readonly Forgotten[]): readonly string[] {
  if (forgotten.length === 0) return [];
  return [
    '! A rebuild of the read model from the beginning is no longer possible: the log has forgotten what it follows from.',
    ...forgotten.map(({ topic, from }) => {
      const places = Object.entries(from).map(([partition, offset]) => `${partition} from ${offset}`);
      return `    ${topic}: partition ${places.join(', ')}`;
    }),
  ];
}
