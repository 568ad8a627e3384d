import { rmSync } from 'node:fs';
import { resolve } from 'node:path';
import type { ServiceName } from '#local/doors.ts';
import { findJavas } from '#local/java.ts';
import type { PostgresSettings } from '#local/postgres.ts';
import { startHere } from '#local/start-here.ts';
import { openState } from '#local/state.ts';
import { until } from '#local/wait.ts';
import { uniqueName } from './names.ts';

/** A service of one test file, a process of this machine whatever the others are, that may be killed. */
export type LoneService = {
  readonly address: string;
  /** `kill -9`; returns when it is gone. */
  kill(): Promise<void>;
  /** Starts it again on the same data and port. */
  startAgain(): Promise<void>;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
};

/** Whether Kafka and the registry can be processes of this machine: there is a Java. */
export const hasJava = async (): Promise<boolean> => (await findJavas(process.env)).some(({ major }) => major >= 17);

/** Starts a service on data of its own. */
export async function loneService(
  name: ServiceName,
  settings: Omit<PostgresSettings, 'durable'> = {},
): Promise<LoneService> {
  const root = resolve('.linernotes');
  const folder = resolve(root, uniqueName(`test-${name}`));
  const javas = name === 'postgres' ? [] : await findJavas(process.env);
  const state = await openState(folder, resolve(root, 'downloads'), () => undefined);
  const place = await state.place(name, null);
  const start = () => startHere(name, place, { javas, durable: false, ...settings });
  let running = await start();
  return {
    address: running.address,
    async kill() {
      const pid = running.process?.pid;
      if (pid !== undefined) process.kill(pid, 'SIGKILL');
      if (!(await until(() => running.process?.alive() !== true, 10_000)))
        throw new Error(`${name} (process ${pid}) outlived its kill.`);
    },
    async startAgain() {
      running = await start();
    },
    async stop() {
      await running.stop();
      state.release();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
