import { expect, test } from 'vitest';
import { memoryCodec } from '#adapters/registry/memory-codec.ts';
import { operationAt, operationRecord } from '#app/operations/append.ts';
import { listOperations } from '#app/operations/questions.ts';
import { whoOf } from '#app/operations/who.ts';
import { operationLines } from '#app/operations/words.ts';
import { operationRow } from '#projector/operation-row.ts';
import { AT } from '#test/support/tracks.ts';
import { OPERATIONS_TOPIC } from '#track/topology.ts';

const codec = memoryCodec();
const given = {
  id: 'one',
  kind: 'resume',
  by: 'ada',
  target: 'credits',
  reason: 'mended',
  details: { halt: '7' },
} as const;

test('an operation is one record of the one partition, keyed by its target, and reads back as it was', async () => {
  const operation = operationAt(given, AT);
  const record = await operationRecord(operation, codec.encode);
  expect(record).toMatchObject({ topic: OPERATIONS_TOPIC, partition: 0, key: Buffer.from('credits') });
  expect(record.headers).toMatchObject({
    ce_id: 'one',
    ce_subject: 'credits',
    ce_type: 'linernotes.operations.resume',
  });
  expect(await codec.decode(OPERATIONS_TOPIC, record.value)).toEqual({ ok: true, value: { ...given, at: AT } });
});

test('what is left out has a default: a new id, no reason, no details', () => {
  const [one, two] = [
    operationAt({ kind: 'cancel', by: 'ada', target: 'x' }, 1),
    operationAt({ kind: 'cancel', by: 'ada', target: 'x' }, 1),
  ];
  expect(one).toMatchObject({ reason: null, details: {}, at: 1 });
  expect(one.id).not.toBe(two.id);
});

test('who does it is named, or is the user of this process', () => {
  expect(whoOf(' ada ')).toBe('ada');
  expect(whoOf(undefined)).toMatch(/\S/);
  expect(whoOf('  ')).toBe(whoOf(undefined));
});

test('people read who did what, when and with what', () => {
  const row = operationRow(operationAt(given, AT), 4);
  expect(operationLines({ items: row === null ? [] : [row], next: 'abc' }, false)).toEqual([
    expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ {2}resume {11}credits {2}by ada$/),
    '    mended',
    '    halt=7',
    '',
    'There are more: --cursor abc',
  ]);
  expect(operationLines({ items: [], next: null }, false)).toEqual(['No operation fits.']);
});

test('a question that cannot be meant is refused by name', () => {
  expect(listOperations({ kind: 'undo' })).toMatchObject({ wrong: expect.stringMatching(/^--kind: /) });
  expect(listOperations({ since: 'lately' })).toMatchObject({ wrong: expect.stringMatching(/^--since: /) });
  expect(listOperations({ since: '24h', target: 'credits' })).toHaveProperty('ask');
});
