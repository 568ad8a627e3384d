import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { avroOf } from '#track/avro.ts';
import { as, flag, fraction, list, maybe, moment, record, since, symbols, text, texts, whole } from '#track/shapes.ts';

const colour = symbols('Colour', 'A colour.', ['red', 'green']);

describe('Avro from a shape', () => {
  it('has a sentence on everything, null for what may be absent, and a symbol for what is not known yet', () => {
    const shape = record('Thing', 'A thing.', {
      name: text('Its name.'),
      count: maybe(whole('How many.')),
      share: fraction('In percent.'),
      good: flag('Whether it is.'),
      at: moment('When.'),
      tags: list(text('A tag.'), 'Its tags.'),
      notes: texts('More.'),
      colour: as(colour, 'What colour it has.'),
    });
    expect(avroOf(shape)).toEqual({
      type: 'record',
      name: 'Thing',
      namespace: 'linernotes',
      doc: 'A thing.',
      fields: [
        { name: 'name', type: 'string', doc: 'Its name.' },
        { name: 'count', type: ['null', 'long'], doc: 'How many.', default: null },
        { name: 'share', type: 'double', doc: 'In percent.' },
        { name: 'good', type: 'boolean', doc: 'Whether it is.' },
        { name: 'at', type: { type: 'long', logicalType: 'timestamp-millis' }, doc: 'When.' },
        { name: 'tags', type: { type: 'array', items: 'string' }, doc: 'Its tags.', default: [] },
        { name: 'notes', type: { type: 'map', values: 'string' }, doc: 'More.', default: {} },
        {
          name: 'colour',
          doc: 'What colour it has.',
          type: {
            type: 'enum',
            name: 'Colour',
            doc: 'A colour.',
            symbols: ['unknown', 'red', 'green'],
            default: 'unknown',
          },
        },
      ],
    });
  });

  it('writes a named type where it occurs first and only its name after that', () => {
    const inner = record('Inner', 'Inside.', { value: whole('A value.') });
    const shape = record('Outer', 'Outside.', { one: as(inner, 'The first.'), more: list(inner, 'More of them.') });
    expect(avroOf(shape)).toMatchObject({
      fields: [
        { name: 'one', doc: 'The first.', type: { name: 'Inner', doc: 'Inside.' } },
        { name: 'more', type: { type: 'array', items: 'Inner' } },
      ],
    });
  });

  it('gives a field added later the default that readers of older events see', () => {
    const shape = record('Thing', 'A thing.', { count: since(whole('How many.'), 7) });
    expect(avroOf(shape)).toMatchObject({ fields: [{ name: 'count', type: 'long', doc: 'How many.', default: 7 }] });
  });

  it.each([
    ['two types of one name', { a: record('Same', 'One.', {}), b: record('Same', 'Other.', {}) }, 'Same'],
    ['a field without a sentence', { a: z.string() }, 'Thing.a'],
    ['a record without a name', { a: z.object({}).describe('Nameless.') }, 'record()'],
    ['a type that Avro lacks', { a: z.date().describe('A date.') }, 'date'],
  ])('refuses %s', (_, fields, named) => {
    expect(() => avroOf(record('Thing', 'A thing.', fields))).toThrow(named);
  });
});
