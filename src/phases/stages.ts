import type { ChartmetricClient } from '#providers/chartmetric/client.ts';
import type { MlcClient } from '#providers/mlc/client.ts';
import type { MusicBrainzClient } from '#providers/musicbrainz/client.ts';
import type { ReccobeatsClient } from '#providers/reccobeats/client.ts';
import type { SpotifyClient } from '#providers/spotify/client.ts';
import type { WebPlayerClient } from '#providers/web-player/client.ts';
import { analyticsStage } from './analytics/stage.ts';
import { creditsStage } from './credits/stage.ts';
import { linksStage } from './links/stage.ts';
import { publishingStage } from './publishing/stage.ts';
import type { Pace } from './shared/phase-stage.ts';
import { spotifyStage } from './spotify/stage.ts';

/** The providers' clients; `null` where there are no credentials, and that phase is off. */
export type Clients = {
  readonly spotify: SpotifyClient | null;
  readonly webPlayer: WebPlayerClient | null;
  readonly mlc: MlcClient | null;
  readonly musicbrainz: MusicBrainzClient | null;
  readonly chartmetric: ChartmetricClient | null;
  /** A second source of audio features, for accounts to which Spotify gives none. */
  readonly reccobeats: ReccobeatsClient | null;
};

/** How the phases run, and the little that their operators choose. */
export type StageOptions = { readonly pace: Pace; readonly writers: number };

/**
 * The whole pipeline on one screen. Topics and groups of each stage stand in `#track/topology.ts`:
 * `tracks.raw` → spotify → credits → publishing → links → analytics → `tracks.complete`.
 */
export const stagesOf = (clients: Clients, { pace, writers }: StageOptions) => ({
  spotify: spotifyStage(clients.spotify, pace, clients.reccobeats?.features ?? null),
  credits: creditsStage(clients.webPlayer, pace),
  publishing: publishingStage(clients.mlc, pace),
  links: linksStage(clients.musicbrainz, { pace, writers }),
  analytics: analyticsStage(clients.chartmetric, { pace }),
});
