import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readTopics } from '#app/topics/manifest.ts';
import { LATEST_TOPIC, OPERATIONS_TOPIC, PIPELINE_TOPICS, PROJECTOR_GROUP, TOPOLOGY } from '#track/topology.ts';

const topics = readTopics();
const named = new Map(topics.map((topic) => [topic.name, topic]));
const phases = Object.values(TOPOLOGY);
const chain = [...PIPELINE_TOPICS, ...phases.map(({ replay }) => replay)];
const letters = [...phases.map(({ dlq }) => dlq), `${PROJECTOR_GROUP}.dlq`];
const days = (count: number): string => String(count * 24 * 60 * 60 * 1000);

describe('the topic files', () => {
  it('are named like their topics', () => {
    const files = readdirSync(new URL('../../topics/', import.meta.url));
    expect(files.sort()).toEqual(topics.map(({ name }) => `${name}.json`).sort());
  });

  it('are one for each topic of the pipeline, each lane and dead-letter topic of a group, the newest states and the operations', () => {
    expect([...named.keys()].sort()).toEqual([...chain, ...letters, LATEST_TOPIC, OPERATIONS_TOPIC].sort());
  });

  it('give the whole chain the same number of partitions, so that a track keeps its partition from hop to hop', () => {
    expect(new Set([...chain, ...letters, LATEST_TOPIC].map((name) => named.get(name)?.partitions))).toEqual(
      new Set([6]),
    );
  });

  it('keep for ever what a replay or a rebuild reads', () => {
    const source = topics.filter(({ name }) => name !== `${PROJECTOR_GROUP}.dlq` && name !== LATEST_TOPIC);
    expect(source.filter(({ config }) => config['retention.ms'] !== '-1')).toEqual([]);
    expect(named.get(`${PROJECTOR_GROUP}.dlq`)?.config['retention.ms']).toBe(days(365));
  });

  it('compact the newest states alone, and soon enough that what was withdrawn is gone the day after', () => {
    const compacted = topics.filter(({ config }) => config['cleanup.policy'] === 'compact');
    expect(compacted.map(({ name }) => name)).toEqual([LATEST_TOPIC]);
    expect(compacted[0]?.config['max.compaction.lag.ms']).toBe(days(1));
  });

  it('let a dead letter be larger than the message it is about', () => {
    const size = (name: string) => Number(named.get(name)?.config['max.message.bytes']);
    expect(new Set(chain.map(size))).toEqual(new Set([2 * 1024 * 1024]));
    expect(new Set(letters.map(size))).toEqual(new Set([4 * 1024 * 1024]));
  });
});
