import { expect, it } from 'vitest';
import { forgottenIn, forgottenLines } from '#app/topics/forgotten.ts';

const cluster = (begins: Readonly<Record<string, readonly number[]>>) => ({
  list: async () => Object.keys(begins),
  starts: async (topic: string) => (begins[topic] ?? []).map((offset, partition) => ({ topic, partition, offset })),
});

it('nothing is forgotten while every topic that the read model follows from begins at 0', async () => {
  const whole = cluster({
    'tracks.raw': [0, 0],
    'linernotes.operations': [0],
    'tracks.projector.dlq': [7],
    other: [9],
  });
  expect(await forgottenIn(whole)).toEqual([]);
  expect(forgottenLines([])).toEqual([]);
});

it('where the first records are gone is named, letters and replay lanes included', async () => {
  const begins = {
    'tracks.raw': [0, 12],
    'tracks.links.dlq': [3],
    'tracks.links.replay': [0],
    'tracks.complete': [5, 6],
  };
  const forgotten = await forgottenIn(cluster(begins));
  expect(forgotten.toSorted((a, b) => a.topic.localeCompare(b.topic))).toEqual([
    { topic: 'tracks.complete', from: { 0: 5, 1: 6 } },
    { topic: 'tracks.links.dlq', from: { 0: 3 } },
    { topic: 'tracks.raw', from: { 1: 12 } },
  ]);
  expect(forgottenLines(forgotten)).toEqual([
    expect.stringContaining('rebuild of the read model from the beginning is no longer possible'),
    '    tracks.raw: partition 1 from 12',
    '    tracks.complete: partition 0 from 5, 1 from 6',
    '    tracks.links.dlq: partition 0 from 3',
  ]);
});
