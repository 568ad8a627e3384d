import type { Lookup } from '#providers/answer.ts';
import { CALL_DEFAULTS, caller } from '#providers/call.ts';
import { freshnessOf } from '#providers/freshness.ts';
import { loader } from '#providers/loader.ts';
import type { ProviderPorts } from '#providers/provider-ports.ts';
import type { FoundArtist, FoundLink, FoundRecording, FoundWork, LinkedRecording } from './facts.ts';
import { artistsByIpi, artistsByName, recordingsById, recordingsByIsrc, worksByRecording } from './kinds.ts';
import { linksSource } from './links-source.ts';
import { refusalOfMusicBrainz } from './refusal.ts';
import { type SearchKind, searchSource, type Waits } from './search-source.ts';
import { trackSource } from './track-source.ts';

export type MusicBrainzConfig = {
  /** Origin of the service or of a mirror: `https://musicbrainz.org`. */
  readonly url: string;
  /** Who answers for the calls: an address or a URL. MusicBrainz may block clients that do not say. */
  readonly contact: string;
  /** Version of linernotes, for the User-Agent. */
  readonly version: string;
  readonly timeoutMs?: number;
  /** How long the first key of a search waits for company, where not as `scarcity` says. Calls are scarce here: one a second. */
  readonly lingerMs?: Waits['lingerMs'];
  /** How much of a wait for company pays (`scarcityOf`); all of it when absent. */
  readonly scarcity?: number;
  readonly freshnessMs?: Waits['freshnessMs'];
};

/** Everything that is asked of MusicBrainz. Each method is one key; calls go out in batches. */
export type MusicBrainzClient = {
  /** By ISRC, 12 characters. */
  readonly recordingsByIsrc: Lookup<string, readonly FoundRecording[]>;
  /** By Spotify track id: the MBIDs of the recordings that are linked to it. */
  readonly recordingsByTrack: Lookup<string, readonly string[]>;
  /** By recording MBID, with its ISRCs. */
  readonly recordingsById: Lookup<string, readonly LinkedRecording[]>;
  /** By recording MBID. */
  readonly worksByRecording: Lookup<string, readonly FoundWork[]>;
  /** By IPI name number, 11 digits (`ipiKey`). */
  readonly artistsByIpi: Lookup<string, readonly FoundArtist[]>;
  /** By name key (`nameKey`): artists who bear this name or alias. */
  readonly artistsByName: Lookup<string, readonly FoundArtist[]>;
  /** By artist MBID: links that have not ended. */
  readonly linksByArtist: Lookup<string, readonly FoundLink[]>;
};

const waitsOf = (busyMs: number, scarcity = 1): Waits['lingerMs'] => ({
  live: { idleMs: 1_000 * scarcity, busyMs: busyMs * scarcity },
  replay: busyMs * scarcity,
});

/**
 * Makes a client. All calls take slots of the governor's account `musicbrainz` (one a second per address).
 * Source of the calls: the MusicBrainz API documentation, search syntax of `metabrainz/sir`.
 */
export function musicbrainzClient(config: MusicBrainzConfig, ports: ProviderPorts): MusicBrainzClient {
  const call = caller(
    {
      ...CALL_DEFAULTS,
      origin: config.url,
      account: 'musicbrainz',
      headers: { 'user-agent': `linernotes/${config.version} ( ${config.contact} )` },
      refusal: refusalOfMusicBrainz,
      timeoutMs: config.timeoutMs ?? CALL_DEFAULTS.timeoutMs,
    },
    ports,
  );
  const freshness = freshnessOf(ports);
  const waits: Waits = {
    lingerMs: config.lingerMs ?? waitsOf(3_000, config.scarcity),
    freshnessMs: config.freshnessMs ?? { found: freshness.musicbrainz, empty: freshness.musicbrainzEmpty },
  };
  // Writers are identified in two steps: those of the second one come after the wait of the first.
  const linksLinger = config.lingerMs ?? waitsOf(6_000, config.scarcity);
  const searched = <Document, Facts>(kind: SearchKind<Document, Facts>): Lookup<string, Facts> =>
    loader(searchSource(kind, waits, call), ports);
  return {
    recordingsByIsrc: searched(recordingsByIsrc),
    recordingsByTrack: loader(trackSource(waits, call), ports),
    recordingsById: searched(recordingsById),
    worksByRecording: searched(worksByRecording),
    artistsByIpi: searched(artistsByIpi),
    artistsByName: searched(artistsByName),
    linksByArtist: loader(linksSource({ ...waits, lingerMs: linksLinger }, call), ports),
  };
}
