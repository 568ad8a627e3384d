import { rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { startPostgres } from '#local/postgres.ts';
import { openState } from '#local/state.ts';
import { until } from '#local/wait.ts';
import { uniqueName } from './names.ts';

/** A Postgres of one test file, by the npm package on every machine, that may be killed. */
export type LonePostgres = {
  readonly url: string;
  /** `kill -9`; returns when it is gone. */
  kill(): Promise<void>;
  /** Starts it again on the same data and port. */
  startAgain(): Promise<void>;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
};

export async function lonePostgres(): Promise<LonePostgres> {
  const root = resolve('.linernotes');
  const folder = resolve(root, uniqueName('test-postgres'));
  const state = await openState(folder, root, () => undefined);
  const place = await state.place('postgres', null);
  let running = await startPostgres(place, false);
  return {
    url: running.address,
    async kill() {
      const pid = running.process?.pid;
      if (pid !== undefined) process.kill(pid, 'SIGKILL');
      if (!(await until(() => running.process?.alive() !== true, 10_000)))
        throw new Error(`Postgres (process ${pid}) outlived its kill.`);
    },
    async startAgain() {
      running = await startPostgres(place, false);
    },
    async stop() {
      await running.stop();
      state.release();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
