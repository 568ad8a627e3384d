import { describe, expect, it } from 'vitest';
import { ipiKey, nameKey } from '#track/names.ts';

describe('two spellings of one name', () => {
  it.each([
    ['Sinéad O’Connor', "SINÉAD O'CONNOR"],
    ['Jean‐Michel Jarre', 'Jean-Michel  Jarre'],
    ['Zoë', 'Zoe\u0308'],
    ['ＹＯＡＳＯＢＩ', 'yoasobi'],
    ['Strauß', 'STRAUSS'],
    ['ΟΔΥΣΣΕΥΣ', 'Οδυσσεύς'.normalize('NFC').replace('ύ', 'υ')],
    [' Björk\u00a0', 'björk'],
  ])('%s and %s are equal', (one, other) => {
    expect(nameKey(one)).toBe(nameKey(other));
  });

  it.each([
    ['Beyoncé', 'Beyonce'],
    ['がく', 'かく'],
    ['नमन', 'नमनि'],
    ['米津玄師', '米津'],
    ['John Smith', 'John Smith Jr'],
    ['Simon & Garfunkel', 'Simon Garfunkel'],
  ])('%s and %s are two names', (one, other) => {
    expect(nameKey(one)).not.toBe(nameKey(other));
  });
});

describe('an IPI', () => {
  it.each([
    ['45620792', '00045620792'],
    ['00045620792', '00045620792'],
    ['00045.62.07 92', '00045620792'],
    ['', null],
    ['n/a', null],
    ['123456789012', null],
  ])('%s reads as %s', (given, key) => {
    expect(ipiKey(given)).toBe(key);
  });
});
