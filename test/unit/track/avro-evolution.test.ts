import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { plainType } from '#adapters/registry/plain.ts';
import { breachesBetween } from '#app/schemas/differences.ts';
import { avroOf } from '#track/avro.ts';
import { as, list, maybe, record, since, symbols, text, whole } from '#track/shapes.ts';

const colours = (...list: [string, ...string[]]) => symbols('Colour', 'A colour.', list);
const inner = (shape: z.core.$ZodShape = {}) => record('Inner', 'Inside.', { id: text('Id.'), ...shape });
const thing = (shape: z.core.$ZodShape = {}) => avroOf(record('Thing', 'A thing.', { name: text('Name.'), ...shape }));

/** What a reader of one schema makes of a value written with another. */
function readWith(reader: ReturnType<typeof avroOf>, writer: ReturnType<typeof avroOf>, value: unknown): unknown {
  const [to, from] = [plainType(JSON.stringify(reader)), plainType(JSON.stringify(writer))];
  return to.fromBuffer(from.toBuffer(value), to.createResolver(from));
}

describe('a field with a default that is added, also deep inside,', () => {
  const before = thing({ parts: list(inner(), 'Parts.') });
  const after = thing({
    parts: list(inner({ count: since(whole('Count.'), 7), note: maybe(text('Note.')) }), 'Parts.'),
  });

  it('is accepted', () => expect(breachesBetween(before, after)).toEqual([]));

  it('has its default in events of the past', () => {
    const old = { name: 'a', parts: [{ id: 'x' }] };
    expect(readWith(after, before, old)).toEqual({ name: 'a', parts: [{ id: 'x', count: 7, note: null }] });
  });

  it('is passed over by readers of yesterday', () => {
    const young = { name: 'a', parts: [{ id: 'x', count: 1, note: 'n' }] };
    expect(readWith(before, after, young)).toEqual({ name: 'a', parts: [{ id: 'x' }] });
  });
});

describe('a symbol that is added', () => {
  const before = thing({ colour: as(colours('red'), 'Colour.') });
  const after = thing({ colour: as(colours('red', 'green'), 'Colour.') });

  it('is accepted', () => expect(breachesBetween(before, after)).toEqual([]));

  it('leaves events of the past as they are, and is unknown to readers of yesterday', () => {
    expect(readWith(after, before, { name: 'a', colour: 'red' })).toEqual({ name: 'a', colour: 'red' });
    expect(readWith(before, after, { name: 'a', colour: 'green' })).toEqual({ name: 'a', colour: 'unknown' });
  });
});

describe('refused, with the field named, is', () => {
  const whole7 = { count: whole('Count.') };
  it.each([
    ['a field without a default that is added', thing(), thing(whole7), 'count', 'no default'],
    ['a field that is removed', thing(whole7), thing(), 'count', 'gone'],
    ['a field with a default that is removed', thing({ n: maybe(text('N.')) }), thing(), 'n', 'gone'],
    [
      'a field that is removed deep inside',
      thing({ parts: maybe(list(inner(whole7), 'Parts.')) }),
      thing({ parts: maybe(list(inner(), 'Parts.')) }),
      'parts.count',
      'gone',
    ],
    [
      'a symbol that is removed',
      thing({ colour: as(colours('red', 'green'), 'Colour.') }),
      thing({ colour: as(colours('red'), 'Colour.') }),
      'colour',
      'green',
    ],
    ['another type', thing(whole7), thing({ count: text('Count.') }), 'count', 'was long and is now string'],
    ['a field that becomes nullable', thing(whole7), thing({ count: maybe(whole('Count.')) }), 'count', '[null, long]'],
    [
      'a record of another name',
      thing(),
      avroOf(record('Other', 'A thing.', { name: text('Name.') })),
      '(the record itself)',
      'Other',
    ],
  ])('%s', (_, before, after, field, problem) => {
    expect(breachesBetween(before, after)).toEqual([
      { field, problem: expect.stringContaining(problem), mend: expect.any(String) },
    ]);
  });
});
