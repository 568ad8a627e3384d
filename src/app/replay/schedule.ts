import type { Config } from '#app/config.ts';
import type { Connections } from '#app/connect.ts';
import { ITSELF } from '#app/operations/who.ts';
import { ageMs } from '#replay/values.ts';
import { refreshOf } from './refreshing.ts';
import { replaysOn } from './replays.ts';

/** Starts the refreshes that are due. */
export type Schedule = { look(): Promise<void>; close(): Promise<void> };

/**
 * Refreshes by themselves, one for each REFRESH_EVERY. A refresh is called after the beginning of its turn, so of several processes,
 * and after any crash, each turn has one; a turn in which the last one still runs is left out.
 * @returns `null` when none are wanted
 */
export function scheduleOf(config: Config, connections: Connections, signal: AbortSignal): Schedule | null {
  const everyMs = config.REFRESH_EVERY === undefined ? null : ageMs(config.REFRESH_EVERY);
  if (everyMs === null || everyMs === 0) return null;
  const replays = replaysOn(connections, config);
  let done: string | null = null;

  const look = async (): Promise<void> => {
    const now = await connections.clock();
    const id = `refresh-${new Date(Math.floor(now / everyMs) * everyMs).toISOString().slice(0, 16)}Z`;
    if (done === id) return;
    const earlier = await replays.list();
    const isThere = earlier.some(({ replayId }) => replayId === id);
    const isBusy = earlier.some(({ replayId, state }) => replayId.startsWith('refresh-') && state === 'running');
    if (!isThere && !isBusy) await start(id);
    done = id;
  };

  const start = async (id: string): Promise<void> => {
    const request = refreshOf({ olderThan: config.REFRESH_OLDER_THAN, playlist: null }, config);
    const reason = `REFRESH_EVERY=${config.REFRESH_EVERY}`;
    const started = 'wrong' in request ? request : await replays.start(request, { id, by: ITSELF, reason }, signal);
    if ('wrong' in started) connections.log.info({ replay: id, reason: started.wrong }, 'refresh.not-started');
    else connections.log.info({ replay: id, tracks: started.plan.tracks }, 'refresh.started');
  };

  return { look, close: replays.close };
}
