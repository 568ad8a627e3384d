import { describe, expect, it } from 'vitest';
import { anyOf, groupsThatFit, phrase, term } from '#providers/musicbrainz/lucene.ts';

describe('a Lucene query', () => {
  it('escapes what would be an operator, and leaves the dashes of an MBID alone', () => {
    expect(term('AC/DC (live)')).toBe('AC\\/DC\\ \\(live\\)');
    expect(term('-x')).toBe('\\-x');
    expect(term('b10bbbfc-cf9e-42e0-be17-e2c3e1d2600d')).toBe('b10bbbfc-cf9e-42e0-be17-e2c3e1d2600d');
  });

  it('keeps a name in quotes whatever it holds', () => {
    expect(phrase('"Weird Al" OR \\ AND (x)')).toBe('"\\"Weird Al\\" OR \\\\ AND (x)"');
  });

  it('asks for any of several values', () => {
    expect(anyOf('isrc', ['A', 'B'])).toBe('isrc:(A OR B)');
  });
});

describe('values in URLs', () => {
  it('are grouped up to the number that the service takes', () => {
    expect(groupsThatFit(['a', 'b', 'c', 'd', 'e'], 2, 1_000, '&')).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
  });

  it('are grouped by the room that they take when encoded', () => {
    const wide = 'é'.repeat(10);
    const groups = groupsThatFit([wide, wide, wide], 100, 130, '&');
    expect(groups).toEqual([[wide, wide], [wide]]);
  });

  it('stand alone when they are longer than all room there is', () => {
    expect(groupsThatFit(['x'.repeat(50), 'y'], 10, 20, '&')).toEqual([['x'.repeat(50)], ['y']]);
  });

  it('make no group when there are none', () => {
    expect(groupsThatFit([], 10, 20, '&')).toEqual([]);
  });
});
