import type { Catalogue } from '../catalogue/catalogue.ts';
import { draw } from '../catalogue/draw.ts';
import type { Recording } from '../catalogue/recordings.ts';
import { fullTrack } from './shapes.ts';

/** The share of tracks that another one stands for when a market is named. */
const RELINKED = 0.1;

/** Tracks under two ids: their own, and the one that Spotify answers instead of it when a market is named. */
export type Relinking = {
  /** The recording of an id of either kind, or null. */
  recording(id: string): Recording | null;
  /** The id that is answered to this one in a market; the same for most. */
  answered(id: string, recording: Recording): string;
};

/** Makes the relinking of a catalogue: which tracks it hits depends on the seed only. */
export function relinkingOf(catalogue: Catalogue): Relinking {
  const { seed, seal } = catalogue.world;
  const at = (number: number | null): Recording | null => (number === null ? null : catalogue.recording(number));
  return {
    recording: (id) => {
      const stood = /^[0-9A-Za-z]{22}$/.test(id) ? seal.fromBase62('relinked', id) : null;
      return at(stood ?? catalogue.resolve.track(id));
    },
    answered: (id, { number }) => {
      const other = seal.toBase62('relinked', number);
      return id !== other && draw(seed, 'relinked', number).chance(RELINKED, 'track') ? other : id;
    },
  };
}

const reference = (id: string): object => ({
  id,
  type: 'track',
  uri: `spotify:track:${id}`,
  href: `https://api.spotify.com/v1/tracks/${id}`,
  external_urls: { spotify: `https://open.spotify.com/track/${id}` },
});

/** A track as it is answered in a market: perhaps another one that can be played there, and no list of markets. */
export function trackInMarket(relinking: Relinking, recording: Recording, id: string): object {
  const answered = relinking.answered(id, recording);
  const { available_markets: _, ...track } = { available_markets: [], ...fullTrack(recording, answered) };
  const playable = recording.has('regionRestricted')
    ? { is_playable: false, restrictions: { reason: 'market' } }
    : { is_playable: true };
  return { ...track, ...playable, ...(answered === id ? {} : { linked_from: reference(id) }) };
}
