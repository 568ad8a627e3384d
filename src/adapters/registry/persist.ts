import { setTimeout as pause } from 'node:timers/promises';

/** Minimal logger of the registry adapter; pino satisfies it. */
export type Log = { warn(fields: object, message: string): void };

/** Waits before the second, third and fourth attempt, milliseconds. Longer outages are for the caller to wait out. */
const WAITS = [100, 300, 900];

/**
 * Asks a registry that may be away for a moment.
 * @param what for the log and the error, for example "schema 7"
 * @throws the last error, once all attempts have failed
 */
export async function persist<Answer>(log: Log, what: string, ask: () => Promise<Answer>): Promise<Answer> {
  for (const wait of WAITS) {
    try {
      return await ask();
    } catch (error) {
      log.warn({ err: error, what, wait }, 'the schema registry did not answer; trying again');
      await pause(wait);
    }
  }
  return ask();
}
