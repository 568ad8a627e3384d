import type { Config } from '#app/config.ts';
import { modesOf } from '#app/providers.ts';
import { refreshRequest } from '#replay/refresh.ts';
import type { ReplayRequest } from '#replay/request.ts';
import { PHASES } from '#track/phase.ts';

/** Measurements older than this age are made again, of all tracks or those of one playlist. */
export type Refresh = { readonly olderThan: string; readonly playlist: string | null };

/** The request of a refresh, by the phases that are on here. */
export function refreshOf(
  { olderThan, playlist }: Refresh,
  config: Config,
): ReplayRequest | { readonly wrong: string } {
  const modes = modesOf(config);
  return refreshRequest(
    olderThan,
    playlist,
    PHASES.filter((phase) => modes[phase] !== 'off'),
  );
}
