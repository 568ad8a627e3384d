import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { SERVICES, type ServiceName } from './doors.ts';
import { localFailure } from './failure.ts';
import { endLeftovers, record } from './leftovers.ts';
import { takeLock } from './lock.ts';
import { freePort, isFree } from './ports.ts';
import type { Place } from './started.ts';

/** A state folder that is ours until it is released. */
export type State = {
  /** Where a service keeps its data, and its port: the configured one, else that of the last start, else a free one. */
  place(name: ServiceName, port: number | null): Promise<Place>;
  /** Forgets all data; what was fetched stays. */
  clear(): void;
  release(): void;
};

const rememberedPorts = (file: string): Partial<Record<ServiceName, number>> => {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return {};
  }
};

const lockOrExplain = (folder: string): (() => void) => {
  const lock = takeLock(join(folder, 'lock'));
  if (lock.kind === 'taken') return lock.release;
  throw localFailure(
    `Process ${lock.pid} runs its services in ${folder} already. End it (kill ${lock.pid}), or use another folder.`,
  );
};

/**
 * Takes a state folder: makes it, locks it, and ends what a killed start left running there.
 * Throws if a live process has it.
 */
export const openState = async (stateDir: string, downloads: string, log: (line: string) => void): Promise<State> => {
  const folder = resolve(stateDir);
  mkdirSync(join(folder, 'logs'), { recursive: true });
  const release = lockOrExplain(folder);
  const running = join(folder, 'running.json');
  const ended = await endLeftovers(running);
  for (const { what, pid } of ended) log(`ended ${what} (process ${pid}), left over from an earlier start`);
  const portsFile = join(folder, 'ports.json');
  const ports = rememberedPorts(portsFile);
  return {
    place: async (name, port) => {
      // Asked before the start: whoever has the port might otherwise answer in the service's place.
      if (port !== null && !(await isFree(port)))
        throw localFailure(`Port ${port}, configured for ${name}, is in use.`);
      const chosen = port ?? (await freePort(ports[name] ?? null));
      ports[name] = chosen;
      writeFileSync(portsFile, JSON.stringify(ports));
      return {
        data: join(folder, name),
        log: join(folder, 'logs', `${name}.log`),
        downloads,
        port: chosen,
        spawned: ({ pid, watcherPid, signal }) =>
          record(running, [
            { what: `the watcher of ${name}`, pid: watcherPid, signal: 'SIGTERM' },
            { what: name, pid, signal },
          ]),
      };
    },
    clear: () => {
      for (const name of SERVICES) rmSync(join(folder, name), { recursive: true, force: true });
    },
    release: () => {
      rmSync(running, { force: true });
      release();
    },
  };
};
