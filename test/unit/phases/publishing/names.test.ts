import { describe, expect, test } from 'vitest';
import { namedAfter, sameName } from '#phases/publishing/names.ts';
import { plainTitle, titleMatch } from '#phases/publishing/titles.ts';

/** Names that the prior system split, re-cased or emptied; each is one person, whole. */
const WHOLE = [
  'Christopher Boys',
  'McKinley Languedoc',
  'Noah Varley',
  'Joe Agius',
  'John McDonald',
  "Mary O'Brien",
  'Lewis MacRae',
  'Matthew Dix',
  'Benton St.Clair',
  'Graham St.Clair',
  'Clay Jones III',
  'LeBron James',
  'DaBaby',
  'DeLuca',
  'Tyler, The Creator',
  'Ye',
  'U2',
  'JAY-Z',
  'BMG',
  'Sony/ATV Music Publishing',
  'Björk',
  'José González',
  'Иван Петров',
  '李健',
];

describe('names are compared', () => {
  test.each(WHOLE)('%s is itself in capitals, and nobody else of the list', (name) => {
    const capitals = name.toUpperCase().normalize('NFD');
    expect(WHOLE.filter((other) => sameName(other, capitals))).toEqual([name]);
  });

  test.each([
    ['Beyoncé Example', 'BEYONCE EXAMPLE'],
    ["John O'Brien", 'JOHN O’BRIEN'],
    ["Mary O'Brien", 'OBRIEN MARY'],
    ['Lewis MacRae', 'LEWIS MAC RAE'],
    ['Benton St.Clair', 'BENTON ST CLAIR'],
    ['Inés De la Cruz', 'INES DELACRUZ'],
    ['Bjørk Žížková', 'BJORK ZIZKOVA'],
    ['Łucja Sæström', 'LUCJA SAESTROM'],
    ['宇多田ヒカル', '宇多田 ヒカル'],
    ['霁桥听澜', '听澜 霁桥'],
    ['별결 새론솔', '새론솔 별결'],
    ['Анна Ёлкина', 'ЁЛКИНА АННА'],
    ['Jean-Luc Exemple', 'JEAN LUC EXEMPLE'],
    ['Andrew Sarlo', 'ANDREW THOMAS SARLO'],
    ['Michael P. Gordon', 'MICHAEL PAUL GORDON'],
  ])('%s and %s can be one writer', (credited, registered) => {
    expect([sameName(credited, registered), sameName(registered, credited)]).toEqual([true, true]);
  });

  test.each([
    ['ハナ', 'バナ'],
    ['John McDonald', 'John McDonaldson'],
    ['木村', '林'],
    ['Anna Lee', 'Ann Alee'],
    ['Tyler, The Creator', 'Tyler'],
    ['DaBaby', 'Baby'],
    ['Björk', 'Bjrk'],
    ['Michael P. Gordon', 'Michael Quentin Gordon'],
    ['Clay Jones III', 'Clay Jones'],
    ['', ''],
    ['???', '!!!'],
  ])('%s and %s are two', (a, b) => {
    expect([sameName(a, b), sameName(b, a)]).toEqual([false, false]);
  });

  test.each([
    ['Ada Example Music Ltd.', 'Ada Example', true],
    ['EXAMPLE ADA PUBLISHING', 'Ada Example', true],
    ['Łucja Ström Songs', 'LUCJA STROM', true],
    ['Example Music', 'Ada Example', false],
    ['Music Publishing', 'Ada Example', false],
    ['Music', 'Song', false],
  ])('%s is called after %s: %s', (company, person, is) => expect(namedAfter(company, person)).toBe(is));
});

describe('titles', () => {
  test.each([
    ['Example Song - Live', 'Example Song'],
    ['Example Song (feat. Bo Sample) - Radio Edit', 'Example Song'],
    ['Example Song [Demo]', 'Example Song'],
    ['Example Song feat. Bo Sample', 'Example Song'],
    ['Example Song - Remastered 2011', 'Example Song'],
    ['夜の橋 - ライブ', '夜の橋'],
    ['Example (Part 2)', 'Example (Part 2)'],
    ['Alive - Again', 'Alive - Again'],
    ['(Live)', '(Live)'],
    ['Featherlight', 'Featherlight'],
  ])('%s is registered as %s', (title, plain) => expect(plainTitle(title)).toBe(plain));

  test.each([
    ['Don’t Wake the River', "DON'T WAKE THE RIVER", 2],
    ['Dont Wake the River - Live', "DON'T WAKE THE RIVER", 2],
    ['Última Noche', 'ULTIMA NOCHE', 2],
    ['Song', 'SONG (REMIX)', 2],
    ['!!!', '!!!', 2],
    ['The Colour of the River', 'THE COLOR OF THE RIVER', 1],
    ['Example Song, Part 1', 'EXAMPLE SONG, PART 2', 0],
    ["Don't Wake the River", "DON'T", 0],
    ['Paper River', 'PAPER BRIDGE', 0],
    ['ハナ', 'バナ', 0],
    ['', '', 0],
  ])('%s against %s: %d', (recording, work, expected) => expect(titleMatch(recording, [work])).toBe(expected));

  test('alternative titles count', () => expect(titleMatch('Die Brücke', ['THE BRIDGE', 'DIE BRUCKE'])).toBe(2));
});
