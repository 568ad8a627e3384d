import { expect, test } from 'vitest';
import { letterOf } from '#projector/letter.ts';
import { ALIASES } from '#stream/aliases.ts';
import { deadLetterOf } from '#stream/dead-letter.ts';
import { failure } from '#stream/failure.ts';

const AT = Date.parse('2026-01-31T12:00:00Z');
const record = { topic: 'tracks.raw', partition: 3, offset: 300, timestamp: AT, key: null, value: null, headers: {} };
const trouble = { attempts: 2, firstFailedAt: AT, lastFailedAt: AT };
const failing = { group: 'tracks.spotify', phase: 'spotify', codeVersion: '1' };
const letter = { record, failure: failure('TIMEOUT', 'no answer'), trouble, forwarded: true };
const standing = (headers: Readonly<Record<string, string>>) => ({ ...record, topic: 'tracks.spotify.dlq', headers });

test('dead letters bear the names of other systems only where that is wanted', () => {
  const names = Object.keys(deadLetterOf(letter, failing).headers);
  expect(names.filter((name) => !name.startsWith('dl-'))).toEqual([]);
  expect(deadLetterOf(letter, { ...failing, aliases: ['spring'] }).headers).toMatchObject({
    'kafka_dlt-original-topic': 'tracks.raw',
    'kafka_dlt-original-partition': '3',
    'kafka_dlt-original-offset': '300',
    'kafka_dlt-original-timestamp': String(AT),
    'kafka_dlt-original-consumer-group': 'tracks.spotify',
    'kafka_dlt-exception-fqcn': 'TIMEOUT',
    'kafka_dlt-exception-message': 'no answer',
  });
});

test.each(ALIASES)('what is written under the names of %s is read back from them alone', (alias) => {
  const { headers } = deadLetterOf(letter, { ...failing, aliases: [alias] });
  const theirs = Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith('dl-')));
  const [ours, read] = [letterOf(standing(headers), 'spotify'), letterOf(standing(theirs), 'spotify')];
  for (const field of [
    'letterId',
    'consumerGroup',
    'code',
    'message',
    'originTopic',
    'originPartition',
    'originOffset',
  ] as const)
    expect(read?.[field], field).toBe(ours?.[field]);
});
