import { describe, expect, it } from 'vitest';
import { trackId } from '#test/support/tracks.ts';
import { isrcOf, trackIdOf } from '#track/identity.ts';

const id = trackId();

describe('a track id', () => {
  it.each([
    ['a bare id', id],
    ['an id with blanks around it', `  ${id}\n`],
    ['a URI', `spotify:track:${id}`],
    ['a link', `https://open.spotify.com/track/${id}`],
    ['a link with a query', `https://open.spotify.com/track/${id}?si=abc&context=x`],
    ['a link with a locale segment', `https://open.spotify.com/intl-de/track/${id}`],
    ['an embed link', `https://open.spotify.com/embed/track/${id}`],
  ])('is read from %s', (_, given) => expect(trackIdOf(given)).toBe(id));

  it.each([
    ['an episode', `spotify:episode:${id}`],
    ['an album link', `https://open.spotify.com/album/${id}`],
    ['a local file', 'spotify:local:Artist:Album:Title:180'],
    ['another site', `https://example.org/track/${id}`],
    ['21 characters', id.slice(1)],
    ['nothing', ''],
  ])('is not read from %s', (_, given) => expect(trackIdOf(given)).toBeNull());
});

describe('an ISRC', () => {
  it('is 12 characters, whatever the dashes and the case', () => {
    expect(isrcOf('qz-ln7-26-00001')).toBe('QZLN72600001');
  });

  it.each(['', '0602445790098', 'QZLN7260000', 'ABCDEFGHIJKL'])('is not read from "%s"', (given) =>
    expect(isrcOf(given)).toBeNull(),
  );
});
