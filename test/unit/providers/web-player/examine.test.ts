import { describe, expect, test } from 'vitest';
import { examined, fixtureOf } from '#providers/web-player/examine.ts';
import { evidenceOf } from '#providers/web-player/facts.ts';
import type { PageVisit } from '#providers/web-player/page.ts';
import { verdictOf } from '#providers/web-player/verdict.ts';
import { AT, trackId } from '#test/support/tracks.ts';
import { aDialog, aDomReading, anAnswerOf, aVisit, trackJson } from '#test/support/web-player.ts';

const seen = (visit: PageVisit) => {
  const visited = { url: 'https://player.example.org/track/1', trackId: trackId(), now: AT };
  const evidence = evidenceOf(visit, trackId());
  return { visit, visited, evidence, verdict: verdictOf(visit, evidence, visited) };
};

describe('a page that is looked at', () => {
  test('tells what each reading alone would have told', () => {
    const page = examined(seen(aVisit({ dom: aDomReading({ dialog: aDialog() }) })));
    expect(page).toMatchObject({
      ended: 'read',
      failure: null,
      playCount: 5_012_345_678,
      readings: {
        json: { contributors: 1, playCount: 5_012_345_678 },
        dom: { contributors: 2, playCount: 1_234_567 },
      },
    });
  });

  test('has failed when neither reading tells the credits, and still tells its count', () => {
    const page = examined(seen(aVisit({ answers: [anAnswerOf('getTrack', trackJson())] })));
    expect(page).toMatchObject({ ended: 'failed', failure: { code: 'UNPARSEABLE' }, credits: null });
    expect(page.playCount).toBe(5_012_345_678);
  });

  test('is told as not found where the player has no such track', () => {
    const nowhere = anAnswerOf('getTrack', { data: { trackUnion: { __typename: 'NotFound' } } });
    expect(examined(seen(aVisit({ answers: [nowhere], dom: null })))).toMatchObject({
      ended: 'not_found',
      credits: null,
      playCount: null,
    });
  });

  test('is kept without anything that could be a token', () => {
    const text = fixtureOf(seen(aVisit({ answers: [anAnswerOf('getTrack', trackJson({ accessToken: 'abc123' }))] })));
    expect(text).toContain('"accessToken": "[left out]"');
    expect(text).toContain('5012345678');
    expect(text).not.toContain('abc123');
  });

  test('is not kept when it is larger than any page should be', () => {
    const answers = [anAnswerOf('getTrack', trackJson({ name: 'x'.repeat(2_000_001) }))];
    expect(fixtureOf(seen(aVisit({ answers })))).toBe(null);
  });
});
