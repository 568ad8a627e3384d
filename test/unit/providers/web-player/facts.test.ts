import { describe, expect, test } from 'vitest';
import { creditsIn, evidenceOf, streamsIn } from '#providers/web-player/facts.ts';
import { trackId } from '#test/support/tracks.ts';
import {
  aDialog,
  aDomReading,
  anAnswerOf,
  anItem,
  aVisit,
  COMPOSER,
  creditsJson,
  trackJson,
} from '#test/support/web-player.ts';

const evidence = (over: Parameters<typeof aVisit>[0] = {}) => evidenceOf(aVisit(over), trackId());
const EMPTY = { heading: 'Written by', people: [] };
const NAMELESS = { heading: 'Written by', people: [{ name: '', href: null, roles: [] }] };
const namesIn = (one: ReturnType<typeof evidence>) => creditsIn(one)?.people.contributors.map(({ name }) => name);

describe('the two readings of a page', () => {
  test("the page's own JSON is read first", () => {
    const dom = aDomReading({ dialog: aDialog() });
    expect(creditsIn(evidence({ dom }))).toEqual({
      people: {
        contributors: [
          {
            name: 'Cy Example',
            artistUri: null,
            roles: [{ given: 'Composer', group: 'Composition & Lyrics', role: 'composer' }],
          },
        ],
        reading: 'json',
      },
      source: { names: ['Example Records'] },
    });
  });

  test.each([
    ['is missing', []],
    ['says that its query is unknown', [anAnswerOf('queryTrackCreditsGroupedModal', { errors: [{ message: 'x' }] })]],
    [
      'has another shape',
      [anAnswerOf('x', { data: { trackUnion: { __typename: 'Track', name: 'x', creditsTrait: {} } } })],
    ],
    ['names nobody', [anAnswerOf('queryTrackCreditsGroupedModal', creditsJson([]))]],
    ['has a contributor without name', [anAnswerOf('x', creditsJson([{ role: 'Composer' }]))]],
    ['is about another track', [anAnswerOf('x', creditsJson([COMPOSER]), { uri: `spotify:track:${trackId(2)}` })]],
  ])('the dialog is read where the JSON %s', (_, answers) => {
    const read = creditsIn(evidence({ answers, dom: aDomReading({ dialog: aDialog() }) }));
    expect(read?.people.reading).toBe('dom');
    expect(read?.people.contributors).toEqual([
      { name: 'Ada Example', artistUri: null, roles: [{ given: 'Main Artist', group: 'Artist', role: 'performer' }] },
      {
        name: 'Cy Example',
        artistUri: null,
        roles: [
          { given: 'Composer', group: 'Composition & Lyrics', role: 'composer' },
          { given: 'Lyricist', group: 'Composition & Lyrics', role: 'lyricist' },
        ],
      },
    ]);
    expect(read?.source).toEqual({ names: ['Example Records'] });
  });

  test.each([
    ['JSON', { answers: [anAnswerOf('queryTrackCreditsGroupedModal', creditsJson([]))] }],
    ['dialog', { answers: [], dom: aDomReading({ dialog: aDialog({ groups: [EMPTY] }) }) }],
  ])('nobody is credited when the %s says so', (_, over) => {
    expect(namesIn(evidence(over))).toEqual([]);
  });

  test.each([
    ['no dialog', aDomReading()],
    ['a dialog with rows in which no name is known', aDomReading({ dialog: aDialog({ groups: [NAMELESS] }) })],
    ['a dialog that has not drawn itself', aDomReading({ dialog: { groups: [], source: null } })],
    ['no markup at all', null],
  ])('without JSON and with %s nothing is known, not even that nobody is credited', (_, dom) => {
    expect(creditsIn(evidence({ answers: [anAnswerOf('getTrack', trackJson())], dom }))).toBeNull();
  });

  test.each([
    ['was refused', { status: 503 }],
    ['was cut', { status: null, error: 'net::ERR_CONNECTION_RESET' }],
    ['is still open', { status: null }],
  ])("a dialog with empty groups does not say that nobody is credited when the page's query %s", (_, over) => {
    const answers = [anAnswerOf('queryTrackCreditsGroupedModal', null, over)];
    const empty = aDomReading({ dialog: aDialog({ groups: [EMPTY] }) });
    expect(creditsIn(evidence({ answers, dom: empty }))).toBeNull();
    expect(namesIn(evidence({ answers, dom: aDomReading({ dialog: aDialog() }) }))).toEqual([
      'Ada Example',
      'Cy Example',
    ]);
  });

  test('a query that was renamed is known by its shape', () => {
    const answers = [anAnswerOf('queryTrackCreditsPanel', creditsJson([anItem('Cy Example', 'Composer', 'x')]))];
    expect(creditsIn(evidence({ answers }))?.people.reading).toBe('json');
  });

  test('sources in one line stay one text, for a comma can be part of a name', () => {
    const dom = aDomReading({ dialog: aDialog({ source: 'Quelle: Sea, Sand & Co., Example Records' }) });
    expect(creditsIn(evidence({ answers: [], dom }))?.source.names).toEqual(['Sea, Sand & Co., Example Records']);
  });

  test('what is kept of a page can be stored as JSON and reads the same', () => {
    const kept = evidence({ dom: aDomReading({ dialog: aDialog() }) });
    expect(creditsIn(JSON.parse(JSON.stringify(kept)))).toEqual(creditsIn(kept));
  });
});

describe('the stream count of a page', () => {
  const track = (over: Record<string, unknown>) => [anAnswerOf('getTrack', trackJson(over))];

  test.each([
    ['JSON as text', { answers: track({}) }, 5_012_345_678],
    ['JSON as a number', { answers: track({ playcount: 0 }) }, 0],
    ['markup where the JSON has none', { answers: track({ playcount: undefined }) }, 1_234_567],
    ['markup where there is no JSON', { answers: [] }, 1_234_567],
    [
      'nowhere: a track without count',
      { answers: track({ playcount: null }), dom: aDomReading({ playCount: null }) },
      null,
    ],
  ])('is read from %s', (_, over, playCount) => {
    expect(streamsIn(evidence(over))).toEqual({ playCount });
  });

  test.each([
    ['a count that does not read', { answers: track({ playcount: null }), dom: aDomReading({ playCount: 'many' }) }],
    ['a page that never showed the track', { answers: [], dom: aDomReading({ state: 'nothing', playCount: null }) }],
    ['no page', { answers: [], dom: null }],
  ])('is not known from %s', (_, over) => {
    expect(streamsIn(evidence(over))).toBeNull();
  });
});
