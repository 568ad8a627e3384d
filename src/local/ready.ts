import { readFile } from 'node:fs/promises';
import { localFailure } from './failure.ts';
import type { Supervised } from './supervised.ts';
import { until } from './wait.ts';

const tail = async (log: string): Promise<string> => {
  const text = await readFile(log, 'utf8').catch(() => '');
  return text.trimEnd().split('\n').slice(-15).join('\n');
};

/**
 * Waits until a freshly started service answers. `check` may throw while it does not.
 * If the service ends or the time is up, it is stopped and the end of its log becomes the error.
 */
export const untilReady = async (
  what: string,
  service: Supervised,
  log: string,
  check: () => Promise<boolean>,
  withinMs = 120_000,
): Promise<void> => {
  const answers = async () => !service.alive() || (await check().catch(() => false));
  const inTime = await until(answers, withinMs, 50);
  if (inTime && service.alive()) return;
  await service.stop();
  const why = inTime ? 'ended while it was starting' : `did not answer within ${withinMs / 1000} s`;
  throw localFailure(`${what} ${why}. The end of ${log}:\n${await tail(log)}`);
};
