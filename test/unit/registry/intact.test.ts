import avsc from 'avsc';
import { describe, expect, it } from 'vitest';
import { intactFor } from '#adapters/registry/intact.ts';

const recursive = {
  type: 'record',
  name: 'Node',
  fields: [
    { name: 'value', type: 'long' },
    { name: 'next', type: ['null', 'Node'] },
  ],
};

const CASES: readonly [avsc.Schema, unknown][] = [
  ['null', null],
  ['boolean', true],
  ['int', -7],
  ['long', 2 ** 52],
  ['float', 0.5],
  ['double', 0.1],
  ['string', 'naïve 🎷'],
  ['bytes', Buffer.from([1, 2, 3])],
  [{ type: 'fixed', name: 'Two', size: 2 }, Buffer.from([1, 2])],
  [{ type: 'enum', name: 'Colour', symbols: ['red', 'green'] }, 'green'],
  [{ type: 'array', items: ['null', 'string'] }, ['a', null, 'b']],
  [
    { type: 'map', values: 'long' },
    { a: 1, b: 2 },
  ],
  [{ type: 'long', logicalType: 'timestamp-millis' }, 1_700_000_000_000],
  [recursive as avsc.Schema, { value: 1, next: { value: 2, next: null } }],
];

describe('bytes are whole', () => {
  it.each(CASES)('as %j', (schema, value) => {
    const type = avsc.Type.forSchema(schema);
    expect(intactFor(type)(type.toBuffer(value))).toBe(true);
  });

  it('in arrays that another writer has cut into blocks with sizes', () => {
    const type = avsc.Type.forSchema({ type: 'array', items: 'long' });
    expect(intactFor(type)(Buffer.from([3, 4, 2, 4, 2, 6, 0]))).toBe(true);
  });
});

describe('bytes are not whole', () => {
  it.each(CASES.filter(([schema]) => schema !== 'null'))('when one is missing or one too many: %j', (schema, value) => {
    const type = avsc.Type.forSchema(schema);
    const bytes = type.toBuffer(value);
    expect(intactFor(type)(bytes.subarray(0, -1))).toBe(false);
    expect(intactFor(type)(Buffer.concat([bytes, Buffer.from([0])]))).toBe(false);
  });

  it.each([
    ['an enum index', { type: 'enum', name: 'Colour', symbols: ['red'] }, [2]],
    ['a negative enum index', { type: 'enum', name: 'Colour', symbols: ['red'] }, [1]],
    ['a branch', ['null', 'long'], [4]],
    ['a length of text', 'string', [1]],
    ['a varint', 'long', [255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1]],
    ['a count', { type: 'array', items: 'null' }, [200, 200, 200, 1, 0]],
  ])('when %s is out of range', (_, schema, bytes) => {
    expect(intactFor(avsc.Type.forSchema(schema as avsc.Schema))(Buffer.from(bytes))).toBe(false);
  });
});
