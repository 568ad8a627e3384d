/** Hosts that tell the kind by themselves; a subdomain counts, a host that merely ends in the same letters does not. */
const HOSTS: Readonly<Record<string, string>> = {
  'instagram.com': 'instagram',
  'twitter.com': 'x',
  'x.com': 'x',
  'tiktok.com': 'tiktok',
  'facebook.com': 'facebook',
  'youtube.com': 'youtube',
  'youtu.be': 'youtube',
  'soundcloud.com': 'soundcloud',
  'bandcamp.com': 'bandcamp',
  'open.spotify.com': 'spotify',
  'music.apple.com': 'apple_music',
  'itunes.apple.com': 'apple_music',
  'deezer.com': 'deezer',
  'tidal.com': 'tidal',
  'wikipedia.org': 'wikipedia',
  'wikidata.org': 'wikidata',
  'discogs.com': 'discogs',
  'linkedin.com': 'linkedin',
  'threads.net': 'threads',
  'threads.com': 'threads',
  'bsky.app': 'bluesky',
  'vk.com': 'vk',
  'weibo.com': 'weibo',
  'twitch.tv': 'twitch',
  'patreon.com': 'patreon',
  'linktr.ee': 'linktree',
  'songkick.com': 'songkick',
  'bandsintown.com': 'bandsintown',
  'imdb.com': 'imdb',
  'allmusic.com': 'allmusic',
  'genius.com': 'genius',
  'last.fm': 'lastfm',
  'myspace.com': 'myspace',
};

/** Relation types of MusicBrainz whose kind has a name of its own. The others keep their type, in snake case. */
const TYPES: Readonly<Record<string, string>> = {
  'official homepage': 'website',
  'social network': 'social',
  'free streaming': 'streaming',
  'purchase for download': 'store',
  'purchase for mail-order': 'store',
  'other databases': 'database',
};

/**
 * Names the kind of a link.
 * @param type relation type of MusicBrainz
 * @param url the link
 * @returns the kind, or `null` for what is no web address
 */
export function kindOf(type: string, url: string): string | null {
  const parsed = URL.parse(url);
  if (parsed === null || !/^https?:$/.test(parsed.protocol)) return null;
  if (type === 'official homepage') return 'website';
  return kindOfHost(parsed.hostname) ?? TYPES[type] ?? type.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, '_');
}

/** Tries the host and then each domain above it, so that `m.facebook.com` is facebook and `netflix.com` is not x. */
function kindOfHost(host: string): string | null {
  const labels = host.split('.');
  for (let cut = 0; cut < labels.length - 1; cut += 1) {
    const kind = HOSTS[labels.slice(cut).join('.')];
    if (kind !== undefined) return kind;
  }
  return null;
}
