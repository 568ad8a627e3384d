import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { TestProject } from 'vitest/node';
import { type Services, startServices } from '#local/services.ts';
import { openState } from '#local/state.ts';
import type {} from './addresses.ts';

// Every project that needs services names this file as its globalSetup, so it is called once per project,
// each time as a module of its own. The services of the run hang on the process instead: the first call starts them,
// the last teardown stops them. Addresses in the environment (see serve.ts) are used as they are.

const ROOT = resolve('.linernotes');
const PREFIX = 'test-';
const quiet = (): void => undefined;
const shared: { testServices?: { users: number; starting: Promise<Services> } } = globalThis as object;

/** Removes the state of runs that were killed; the state of a run that lives is locked and stays. */
const sweep = async (): Promise<void> => {
  if (!existsSync(ROOT)) return;
  for (const name of readdirSync(ROOT).filter((entry) => entry.startsWith(PREFIX))) {
    const folder = join(ROOT, name);
    const state = await openState(folder, ROOT, quiet).catch(() => null);
    if (state !== null) rmSync(folder, { recursive: true, force: true });
  }
};

const stateDir = join(ROOT, `${PREFIX}${process.pid}`);

const start = async (): Promise<Services> => {
  await sweep();
  return await startServices({
    stateDir,
    downloads: join(ROOT, 'downloads'),
    env: process.env,
    durable: false,
    log: (line) => process.stderr.write(`${line}\n`),
  });
};

export const setup = async (project: TestProject): Promise<void> => {
  shared.testServices ??= { users: 0, starting: start() };
  shared.testServices.users += 1;
  const services = await shared.testServices.starting;
  project.provide('kafkaBrokers', services.kafkaBrokers);
  project.provide('schemaRegistryUrl', services.schemaRegistryUrl);
  project.provide('databaseUrl', services.databaseUrl);
  project.provide('chromiumPath', services.chromiumPath);
  project.provide('chromiumArgs', services.chromiumArgs);
};

export const teardown = async (): Promise<void> => {
  const running = shared.testServices;
  if (running === undefined) return;
  running.users -= 1;
  if (running.users > 0) return;
  delete shared.testServices;
  await (await running.starting).stop();
  rmSync(stateDir, { recursive: true, force: true });
};
