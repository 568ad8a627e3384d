import { describe, expect, test } from 'vitest';
import { trackOf } from '#providers/chartmetric/read.ts';
import { trackAnswer } from '#providers/chartmetric/wire.ts';
import { workFacts } from '#providers/mlc/facts.ts';
import { wireWork } from '#providers/mlc/wire.ts';
import { worksByRecording } from '#providers/musicbrainz/kinds.ts';
import { workDocument } from '#providers/musicbrainz/wire.ts';
import { contributorsInJson } from '#providers/web-player/people.ts';
import { wireWorkOf } from '#test/support/mlc.ts';
import { aPart, aTrackEvent } from '#test/support/tracks.ts';
import { anItem } from '#test/support/web-player.ts';
import { nameKey } from '#track/names.ts';
import { summaryOf } from '#track/resolve.ts';
import { NO_SECTIONS } from '#track/sections/sections.ts';

/** The names that the prior system split, glued, re-cased or emptied, by the place where that was told. */
const LISTS = {
  '6.1.3': [
    'John McDonald',
    'Lewis MacRae',
    'LeBron James',
    'DaBaby',
    'DeLuca',
    'Tyler, The Creator',
    'Ye',
    'U2',
    'JAY-Z',
    'BMG',
    'Sony/ATV Music Publishing',
  ],
  '6.3.48': ['Björk', 'José González', 'Иван Петров', '李健'],
  '8.3': [
    'Christopher Boys',
    'McKinley Languedoc',
    'Noah Varley',
    'Joe Agius',
    "Mary O'Brien",
    'Matthew Dix',
    'Benton St.Clair',
    'Graham St.Clair',
    'Clay Jones III',
    'Andrew Sarlo',
    'Dijon Duenas',
    'Michael Gordon',
  ],
} as const;

const composed = (name: string) => anItem(name, 'Composer', 'Composition & Lyrics');

/** The names as each source gives them, one element a person. */
const READINGS: Readonly<Record<string, (names: readonly string[]) => readonly string[]>> = {
  'the credits page': (names) => contributorsInJson(names.map(composed)).map(({ name }) => name),
  'The MLC': (names) => {
    const writers = names.map((name) => ({ writerFirstName: '', writerLastName: name, writerIPI: '' }));
    return workFacts(wireWork.parse(wireWorkOf('A', { writers }))).writers.map(({ name }) => name);
  },
  MusicBrainz: (names) => {
    const relations = names.map((name, at) => ({ type: 'composer', artist: { id: `mb-${at}`, name } }));
    const documents = [workDocument.parse({ id: 'w', title: 'T', relations })];
    return worksByRecording.read(documents, 'r').flatMap(({ writers }) => writers.map(({ name }) => name));
  },
  Chartmetric: (names) => trackOf(trackAnswer.parse({ id: 1, songwriters: names })).profile.songwriters,
  'the summary': (names) => {
    const people = aPart({ contributors: contributorsInJson(names.map(composed)), reading: 'json' as const });
    const sections = { ...NO_SECTIONS, credits: { ...NO_SECTIONS.credits, people } };
    return summaryOf(aTrackEvent({ sections })).writers?.value ?? [];
  },
};

describe.each(Object.entries(LISTS))('list %s', (_, names) => {
  test.each(Object.entries(READINGS))('%s gives exactly these people, under exactly these names', (__, read) => {
    expect(read(names)).toEqual(names);
  });

  test('each has a key of its own, which is never empty', () => {
    const keys = names.map(nameKey);
    expect([new Set(keys).size, keys.includes('')]).toEqual([names.length, false]);
  });

  test('a name is found again in capitals, and decomposed', () => {
    expect(names.map((name) => nameKey(name.toUpperCase().normalize('NFD')))).toEqual(names.map(nameKey));
  });
});

describe('list 8.3, people in one text', () => {
  test.each([
    'Christopher BoysMcKinley LanguedocNoah VarleyJoe Agius',
    'Lewis MacRaeMatthew Dix',
    "John McDonald, Mary O'Brien",
    'Ann Bee / Cy Dee',
    'Ann Bee & Cy Dee',
  ])('%s stays one element: people are told apart by structure, never by text', (glued) => {
    for (const read of Object.values(READINGS)) expect(read([glued])).toEqual([glued]);
  });

  test('four elements are four people, whatever their names look like side by side', () => {
    const four = ['Christopher Boys', 'McKinley Languedoc', 'Noah Varley', 'Joe Agius'];
    for (const read of Object.values(READINGS)) expect(read(four)).toEqual(four);
  });

  test('a person who stands twice is one, in two roles too', () => {
    const items = [composed('Andrew Sarlo'), anItem('Andrew Sarlo', 'Producer', 'Production & Engineering')];
    expect(contributorsInJson([...items, ...items]).map(({ name, roles }) => [name, roles.length])).toEqual([
      ['Andrew Sarlo', 2],
    ]);
  });
});
