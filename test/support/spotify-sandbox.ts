import { fetchHttp } from '#adapters/http/fetch.ts';
import { PACE } from '#phases/shared/phase-stage.ts';
import { spotifyStage } from '#phases/spotify/stage.ts';
import type { ProviderPorts } from '#providers/provider-ports.ts';
import { type SpotifyClient, type SpotifyConfig, spotifyClient } from '#providers/spotify/client.ts';
import { sandboxCredentials } from '#sandbox/credentials.ts';
import type { Sandbox } from '#sandbox/start.ts';
import type { Message } from '#stream/message.ts';
import type { Outcome } from '#stream/outcome.ts';
import type { TrackEvent } from '#track/event.ts';
import type { RawTrack } from '#track/raw.ts';
import { aContext, aMessage } from './messages.ts';
import { providerPorts } from './providers.ts';
import { aRawTrack } from './tracks.ts';

/** Ports over the real network and the real clock, with a ledger of their own. */
export const realPorts = (): ProviderPorts => providerPorts(fetchHttp, { now: Date.now });

/** A client of the sandbox. */
export const sandboxClient = (
  { urls }: Sandbox,
  ports: ProviderPorts,
  over: Partial<SpotifyConfig> = {},
): SpotifyClient =>
  spotifyClient(
    {
      apiUrl: urls.SPOTIFY_API_URL,
      accountsUrl: urls.SPOTIFY_ACCOUNTS_URL,
      clientId: sandboxCredentials.SPOTIFY_CLIENT_ID,
      clientSecret: sandboxCredentials.SPOTIFY_CLIENT_SECRET,
      lingerMs: { live: 20, replay: 20 },
      ...over,
    },
    ports,
  );

const PARTITIONS = 6;

/** The messages as the phase handles them, six partitions at once; one outcome a message, in order. */
export async function handled(
  client: SpotifyClient,
  messages: readonly Message<RawTrack>[],
): Promise<readonly Outcome<TrackEvent>[]> {
  const stage = spotifyStage(client, PACE);
  const places = messages.map((message, place) => ({ message, place }));
  const queues = Array.from({ length: PARTITIONS }, (_, queue) =>
    places.filter(({ place }) => place % PARTITIONS === queue),
  );
  const outcomes = await Promise.all(
    queues.map(async (queue) => {
      const answers = await stage.handle(
        queue.map(({ message }) => message),
        aContext({ now: Date.now() }),
      );
      return answers.map((outcome, index) => ({ outcome, place: queue[index]?.place ?? 0 }));
    }),
  );
  return outcomes
    .flat()
    .sort((a, b) => a.place - b.place)
    .map(({ outcome }) => outcome);
}

/** Tracks as a scraper sends them now. */
export const seenNow = (ids: readonly string[], over: Partial<RawTrack> = {}): readonly Message<RawTrack>[] =>
  ids.map((track) => aMessage(aRawTrack({ track, observedAt: Date.now(), ...over })));

/** The events of outcomes of which every one has to be a forward. */
export const forwarded = (outcomes: readonly Outcome<TrackEvent>[]): readonly TrackEvent[] =>
  outcomes.map((outcome) => {
    if (outcome.kind !== 'forward') throw new Error(`not forwarded: ${JSON.stringify(outcome)}`);
    return outcome.event;
  });
