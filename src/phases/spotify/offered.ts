import { superseding } from '#phases/shared/superseding.ts';
import type { TrackEvent } from '#track/event.ts';
import type { Part } from '#track/sections/part.ts';
import type { SpotifyField, SpotifySection } from '#track/sections/spotify.ts';
import type { SpotifyAnswers } from './answers.ts';

type Said = { readonly fetchedAt: number; readonly notOffered: readonly SpotifyField[] };
type Topic = 'core' | 'album' | 'artists' | 'features';

/** The topic of a field: `popularity` comes with the core, by the track call. */
const topicOf = (field: string): string => (field === 'popularity' ? 'core' : (field.split('.')[0] ?? ''));

type Answered = NonNullable<SpotifyAnswers['track'] | SpotifyAnswers['album'] | SpotifyAnswers['artists'][number]>;

/** What answers said of what is not offered; `null` when there is none that says anything. */
function saidBy(answers: readonly (Answered | null)[]): Said | null {
  const found = answers.flatMap((answer) => (answer?.kind === 'found' ? [answer] : []));
  if (found.length === 0) return null;
  return {
    fetchedAt: Math.max(...found.map(({ fetchedAt }) => fetchedAt)),
    notOffered: found.flatMap(({ facts }) => facts.notOffered),
  };
}

function saidOfFeatures(features: SpotifyAnswers['features']): Said | null {
  if (features?.kind === 'not_offered') return { fetchedAt: features.fetchedAt, notOffered: ['features'] };
  return features?.kind === 'found' ? { fetchedAt: features.fetchedAt, notOffered: [] } : null;
}

/** What the account is not given, from what was asked now and, of the rest, from what was known. */
export function accessPartOf(
  { trackId, sections }: TrackEvent,
  answers: SpotifyAnswers,
  profile: string,
): SpotifySection['access'] {
  const before = sections.spotify.access;
  const said: Readonly<Record<Topic, Said | null>> = {
    core: saidBy([answers.track]),
    album: saidBy([answers.album]),
    artists: saidBy(answers.artists),
    features: saidOfFeatures(answers.features),
  };
  const heard = Object.entries(said).flatMap(([topic, one]) => (one === null ? [] : [{ topic, ...one }]));
  if (heard.length === 0) return before;
  const topics = new Set(heard.map(({ topic }) => topic));
  const kept = (before?.value.notOffered ?? []).filter((field) => !topics.has(topicOf(field)));
  const notOffered = [...new Set([...kept, ...heard.flatMap((one) => one.notOffered)])].sort();
  const part: Part<{ profile: string; notOffered: string[] }> = {
    provider: 'spotify',
    fetchedAt: Math.max(...heard.map(({ fetchedAt }) => fetchedAt)),
    askedBy: `track:${trackId}`,
    value: { profile, notOffered },
  };
  return superseding(before, part);
}
