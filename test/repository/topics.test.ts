import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readTopics } from '#app/topics/manifest.ts';
import { OPERATIONS_TOPIC, PIPELINE_TOPICS, PROJECTOR_GROUP, TOPOLOGY } from '#track/topology.ts';

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

  it('are one for each topic of the pipeline, each lane and dead-letter topic of a group, and the operations', () => {
    expect([...named.keys()].sort()).toEqual([...chain, ...letters, OPERATIONS_TOPIC].sort());
  });

  it('give the whole chain the same number of partitions, so that a track keeps its partition from hop to hop', () => {
    expect(new Set([...chain, ...letters].map((name) => named.get(name)?.partitions))).toEqual(new Set([6]));
  });

  it('keep for ever what a replay or a rebuild reads', () => {
    const source = topics.filter(({ name }) => name !== `${PROJECTOR_GROUP}.dlq`);
    expect(source.filter(({ config }) => config['retention.ms'] !== '-1')).toEqual([]);
    expect(named.get(`${PROJECTOR_GROUP}.dlq`)?.config['retention.ms']).toBe(days(365));
  });

  it('let a dead letter be larger than the message it is about', () => {
    const size = (name: string) => Number(named.get(name)?.config['max.message.bytes']);
    expect(new Set(chain.map(size))).toEqual(new Set([2 * 1024 * 1024]));
    expect(new Set(letters.map(size))).toEqual(new Set([4 * 1024 * 1024]));
  });
});
