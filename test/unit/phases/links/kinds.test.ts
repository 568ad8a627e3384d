import { describe, expect, it } from 'vitest';
import { kindOf } from '#phases/links/kinds.ts';

describe('the kind of a link', () => {
  it.each([
    ['social network', 'https://www.instagram.com/someone/', 'instagram'],
    ['social network', 'https://twitter.com/someone', 'x'],
    ['social network', 'https://x.com/someone', 'x'],
    ['social network', 'https://www.tiktok.com/@someone', 'tiktok'],
    ['social network', 'https://m.facebook.com/someone', 'facebook'],
    ['social network', 'https://mastodon.example/@someone', 'social'],
    ['youtube', 'https://www.youtube.com/@someone', 'youtube'],
    ['youtube', 'https://youtu.be/x', 'youtube'],
    ['soundcloud', 'https://soundcloud.com/someone', 'soundcloud'],
    ['bandcamp', 'https://someone.bandcamp.com/', 'bandcamp'],
    ['bandcamp', 'https://music.someone.example/', 'bandcamp'],
    ['official homepage', 'https://someone.example/', 'website'],
    ['official homepage', 'https://www.facebook.com/someone', 'website'],
    ['wikidata', 'https://www.wikidata.org/wiki/Q42', 'wikidata'],
    ['wikipedia', 'https://ja.wikipedia.org/wiki/%E6%A7%8B', 'wikipedia'],
    ['discogs', 'https://www.discogs.com/artist/1', 'discogs'],
    ['free streaming', 'https://open.spotify.com/artist/4uLU6hMCjMI75M1A2tKUQC', 'spotify'],
    ['free streaming', 'https://streaming.example/someone', 'streaming'],
    ['VIAF', 'https://viaf.org/viaf/1', 'viaf'],
    ['IMDb', 'https://www.imdb.com/name/nm1/', 'imdb'],
    ['a type of tomorrow', 'https://example.com/', 'a_type_of_tomorrow'],
  ])('%s at %s is %s', (type, url, kind) => {
    expect(kindOf(type, url)).toBe(kind);
  });

  it('is not told by letters that a host merely ends in', () => {
    expect(kindOf('social network', 'https://www.netflix.com/x')).toBe('social');
    expect(kindOf('social network', 'https://notinstagram.com/x')).toBe('social');
    expect(kindOf('social network', 'https://example.com/instagram.com')).toBe('social');
  });

  it('is none for what is no web address', () => {
    expect(kindOf('official homepage', 'javascript:alert(1)')).toBeNull();
    expect(kindOf('official homepage', 'nonsense')).toBeNull();
  });
});
