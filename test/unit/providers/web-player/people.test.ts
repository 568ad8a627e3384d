import { describe, expect, test } from 'vitest';
import type { Dialog } from '#providers/web-player/page.ts';
import { contributorsInDialog, contributorsInJson } from '#providers/web-player/people.ts';
import { roleOf } from '#providers/web-player/roles.ts';
import { anItem } from '#test/support/web-player.ts';

const ID = '1XySandboxArtist000001';
const URI = `spotify:artist:${ID}`;

/** Names that break programs which split, glue or re-case text. */
const HARD_NAMES = [
  'AC/DC',
  'Earth, Wind & Fire',
  'Tyler, The Creator',
  'McDonald',
  "Mary O'Brien",
  'Ke$ha',
  'Sigur Rós',
  'Christopher BoysMcKinley',
  'Benton St.ClairGraham St.Clair',
  'Lewis MacRaeMatthew Dix',
  'Clay Jones III',
  '방탄소년단',
  'אביב גפן',
  'RZ',
  'e.e. cummings',
  'BJÖRK  GUÐMUNDSDÓTTIR',
];

const dialogOf = (heading: string, people: Dialog['groups'][number]['people']): Dialog => ({
  groups: [{ heading, people }],
  source: null,
});

describe('people of the credits', () => {
  test.each(HARD_NAMES)('%s stays one person under exactly this name', (name) => {
    const role = { given: 'Composer', group: 'Composition & Lyrics', role: 'composer' };
    const due = [{ name, artistUri: null, roles: [role] }];
    expect(contributorsInJson([anItem(name, 'Composer', 'Composition & Lyrics')])).toEqual(due);
    const people = [{ name, href: null, roles: ['Composer'] }];
    expect(contributorsInDialog(dialogOf('Composition & Lyrics', people))).toEqual(due);
  });

  test('one person in several roles stands once with all of them, in the order of the page', () => {
    const items = [
      anItem('Ada Example', 'Main Artist', 'Artist', { uri: URI }),
      anItem('Cy Example', 'Composer', 'Composition & Lyrics'),
      anItem('Ada Example', 'Composer', 'Composition & Lyrics', { uri: URI }),
      anItem('Ada Example', 'Composer', 'Composition & Lyrics', { uri: URI }),
    ];
    expect(contributorsInJson(items)).toEqual([
      {
        name: 'Ada Example',
        artistUri: URI,
        roles: [
          { given: 'Main Artist', group: 'Artist', role: 'performer' },
          { given: 'Composer', group: 'Composition & Lyrics', role: 'composer' },
        ],
      },
      {
        name: 'Cy Example',
        artistUri: null,
        roles: [{ given: 'Composer', group: 'Composition & Lyrics', role: 'composer' }],
      },
    ]);
  });

  test('the same name under two links, or with a link and without, stays two people', () => {
    const items = [
      anItem('Ada Example', 'Main Artist', 'Artist', { uri: URI }),
      anItem('Ada Example', 'Producer', 'Production & Engineering', { uri: 'spotify:artist:2XySandboxArtist000002' }),
      anItem('Ada Example', 'Guitar', 'Performers'),
    ];
    expect(contributorsInJson(items).map(({ name }) => name)).toEqual(['Ada Example', 'Ada Example', 'Ada Example']);
  });

  test.each([
    [{ uri: URI }, URI],
    [{ url: `https://open.spotify.com/artist/${ID}?si=1` }, URI],
    [{ reference: { url: `/artist/${ID}` } }, URI],
    [{ url: 'https://artists.spotify.com/songwriter/2XySandboxArtist000002' }, null],
    [{ uri: 'spotify:artist:short' }, null],
    [{}, null],
  ])('the link %j names the artist %s', (link, uri) => {
    expect(contributorsInJson([anItem('Ada Example', 'Composer', 'Composition & Lyrics', link)])[0]?.artistUri).toBe(
      uri,
    );
  });

  test('a flat group of the dialog gives its heading as the role', () => {
    const people = [{ name: 'Ada Example', href: `/intl-de/artist/${ID}`, roles: [] }];
    expect(contributorsInDialog(dialogOf('Written by', people))).toEqual([
      { name: 'Ada Example', artistUri: URI, roles: [{ given: 'Written by', group: null, role: 'writer' }] },
    ]);
  });

  test.each([
    ['Composer', 'Composition & Lyrics', 'composer'],
    ['Lyricist', 'Composition & Lyrics', 'lyricist'],
    ['Writer', 'Composition & Lyrics', 'writer'],
    ['Songwriter', null, 'writer'],
    ['Written by', null, 'writer'],
    ['Author', 'Composition & Lyrics', 'writer'],
    ['Translator', 'Composition & Lyrics', 'writer'],
    ['Producer', 'Production & Engineering', 'producer'],
    ['Co-Producer', 'Production & Engineering', 'producer'],
    ['Recording Producer', 'Production & Engineering', 'producer'],
    ['Produced by', null, 'producer'],
    ['Mixer', 'Production & Engineering', 'engineer'],
    ['Mastering Engineer', 'Production & Engineering', 'engineer'],
    ['Recorded by', 'Production & Engineering', 'engineer'],
    ['Assistant', 'Production & Engineering', 'other'],
    ['Main Artist', 'Artist', 'performer'],
    ['Featured Artist', 'Artist', 'performer'],
    ['Performed by', null, 'performer'],
    ['Backing Vocals', 'Performers', 'performer'],
    ['Guitar', 'Performers', 'performer'],
    ['Cover Design', 'Other Roles', 'other'],
    ['', null, 'other'],
  ])('%s under %s amounts to %s', (given, group, role) => {
    expect(roleOf(given, group)).toBe(role);
  });
});
