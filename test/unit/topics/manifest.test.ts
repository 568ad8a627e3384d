import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readTopics } from '#app/topics/manifest.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'topics-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const FILE = {
  name: 'tracks.raw',
  description: 'Raw.',
  retention: 'For ever.',
  partitions: 6,
  replication: 1,
  config: { 'cleanup.policy': 'delete', 'retention.ms': '-1', 'retention.bytes': '-1', 'max.message.bytes': '2097152' },
};
const put = (name: string, content: unknown): void =>
  writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
const read = (options = {}) => readTopics({ ...options, folder: pathToFileURL(`${folder}/`) });

describe('topic files', () => {
  it('say what a topic has to be', () => {
    put('tracks.raw.json', FILE);
    expect(read()).toEqual([{ ...FILE, config: { ...FILE.config, 'min.insync.replicas': '1' } }]);
  });

  it('follow the cluster in replication, and ask two of three replicas to have a record', () => {
    put('tracks.raw.json', FILE);
    expect(read({ replication: 3, prefix: 'test.' })).toMatchObject([
      { name: 'test.tracks.raw', replication: 3, config: { 'min.insync.replicas': '2' } },
    ]);
  });

  it('are compacted where the newest state counts, and nowhere else', () => {
    const config = {
      'cleanup.policy': 'compact',
      'delete.retention.ms': '1',
      'max.compaction.lag.ms': '1',
      'max.message.bytes': '1',
    };
    put('tracks.latest.json', { ...FILE, name: 'tracks.latest', config });
    expect(read()).toMatchObject([{ config }]);
    put('tracks.latest.json', { ...FILE, name: 'tracks.latest' });
    expect(read).toThrow('compact for tracks.latest');
    put('tracks.latest.json', {
      ...FILE,
      name: 'tracks.latest',
      config: { ...config, 'max.compaction.lag.ms': 'soon' },
    });
    expect(read).toThrow('topics/tracks.latest.json');
  });

  it.each([
    [
      'compaction, which destroys what a replay reads',
      {
        ...FILE,
        config: {
          'cleanup.policy': 'compact',
          'delete.retention.ms': '1',
          'max.compaction.lag.ms': '1',
          'max.message.bytes': '1',
        },
      },
      'delete for all others',
    ],
    ['a topic without a retention', { ...FILE, config: { 'cleanup.policy': 'delete' } }, 'retention.ms'],
    ['no partitions', { ...FILE, partitions: 0 }, 'partitions'],
    ['a setting that nobody knows', { ...FILE, partition: 6 }, 'partition'],
    ['a name that is not the file’s', { ...FILE, name: 'tracks.other' }, 'tracks.other'],
    ['what is no JSON', 'tracks', 'JSON'],
  ])('are refused for %s, with file and field named', (_, content, named) => {
    put('tracks.raw.json', content);
    expect(() => read()).toThrow(new RegExp(`^topics/tracks\\.raw\\.json: [^]*${named}`));
  });
});
