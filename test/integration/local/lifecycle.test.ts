import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { Kafka, logLevel } from 'kafkajs';
import pg from 'pg';
import { describe, expect, onTestFinished, test } from 'vitest';
import { newTopics } from '#adapters/kafka/new-topics.ts';
import { isFree } from '#local/ports.ts';
import { identify } from '#local/process-identity.ts';
import type { Services } from '#local/services.ts';
import { startServices } from '#local/services.ts';
import { until } from '#local/wait.ts';
import { databaseUrl } from '#test/support/addresses.ts';
import { descendants } from '#test/support/browser-processes.ts';
import { exposedIn } from '#test/support/exposed.ts';
import { emptyFolder } from '#test/support/folder.ts';

/** Stands in the environment of whoever starts the services. */
const SECRET = 'kept-from-services';

const downloads = resolve('.linernotes/downloads');

/** Services that run on this machine whatever the run's own environment says. */
const options = (stateDir: string) => ({
  stateDir,
  downloads,
  env: { PATH: process.env['PATH'], JAVA_HOME: process.env['JAVA_HOME'], LINERNOTES_DOCKER: 'off' },
  durable: false,
});

/** A process that starts the services and then does nothing; to be killed. */
const victim = async (stateDir: string): Promise<{ process: ChildProcess; services: Services }> => {
  const module = pathToFileURL(resolve('src/local/services.ts')).href;
  const code = `
    const { startServices } = await import(${JSON.stringify(module)});
    const services = await startServices({ ...${JSON.stringify(options(stateDir))}, log: () => {} });
    console.log('SERVICES ' + JSON.stringify(services));
    setTimeout(() => {}, 300_000);
  `;
  const args = ['--disable-warning=TimeoutNegativeWarning', '--input-type=module', '-e', code];
  const env = { ...process.env, SPOTIFY_CLIENT_SECRET: SECRET, MLC_PASSWORD: SECRET };
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const line = await Promise.race([
    once(createInterface({ input: child.stdout }), 'line').then(([text]) => String(text)),
    once(child, 'exit').then(() => Promise.reject(new Error('the services did not start'))),
  ]);
  return { process: child, services: JSON.parse(line.replace('SERVICES ', '')) };
};

const adminOf = (services: Services) =>
  new Kafka({ brokers: [...services.kafkaBrokers], logLevel: logLevel.NOTHING }).admin();

const query = async (services: Services, text: string): Promise<unknown[]> => {
  const client = new pg.Client({ connectionString: services.databaseUrl });
  await client.connect();
  const { rows } = await client.query(text);
  await client.end();
  return rows;
};

const leaveTraces = async (services: Services): Promise<void> => {
  await query(services, `create table traces as select 'kept' as trace`);
  const admin = adminOf(services);
  await admin.connect();
  await newTopics(admin, [{ topic: 'traces' }]);
  await admin.disconnect();
  await fetch(`${services.schemaRegistryUrl}/subjects/traces-value/versions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ schema: '"string"' }),
  });
};

const traces = async (services: Services): Promise<object> => {
  const admin = adminOf(services);
  await admin.connect();
  const topics = await admin.listTopics();
  await admin.disconnect();
  const subjects = await (await fetch(`${services.schemaRegistryUrl}/subjects`)).json();
  const tables = await query(services, `select tablename from pg_tables where schemaname = 'public'`);
  return { topics: topics.filter((topic) => !topic.startsWith('__')), subjects, tables };
};

const pidsOf = (services: Services): number[] => Object.values(services.pids);
const gone = (services: Services) => pidsOf(services).every((pid) => identify(pid) === null);

const watchersOf = (stateDir: string): number[] => {
  const recorded: { what: string; pid: number }[] = JSON.parse(readFileSync(join(stateDir, 'running.json'), 'utf8'));
  return recorded.filter(({ what }) => what.startsWith('the watcher')).map(({ pid }) => pid);
};

describe('services on this machine', () => {
  test('die with their process, keep data and addresses, leave nothing behind and begin anew when asked to', async () => {
    const stateDir = join(emptyFolder(), 'state');
    const lines: string[] = [];
    const log = (line: string) => lines.push(line);

    const first = await victim(stateDir);
    expect(pidsOf(first.services)).toHaveLength(3);
    const below = descendants(first.process.pid ?? 0).map(({ pid }) => pid);
    expect(below).toEqual(expect.arrayContaining([...pidsOf(first.services), ...watchersOf(stateDir)]));
    expect(exposedIn(below, SECRET)).toEqual([]);
    await leaveTraces(first.services);
    const held = startServices({ ...options(stateDir), log });
    await expect(held).rejects.toThrow(`Process ${first.process.pid} runs its services in ${stateDir} already`);
    first.process.kill('SIGKILL');
    expect(await until(() => gone(first.services), 20_000)).toBe(true);

    const second = await victim(stateDir);
    const { kafkaBrokers, schemaRegistryUrl } = first.services;
    expect(second.services).toMatchObject({ kafkaBrokers, schemaRegistryUrl, databaseUrl: first.services.databaseUrl });
    expect(await traces(second.services)).toEqual({
      topics: ['traces'],
      subjects: ['traces-value'],
      tables: [{ tablename: 'traces' }],
    });
    // Only the next start can end them now.
    for (const pid of [...watchersOf(stateDir), second.process.pid ?? 0]) process.kill(pid, 'SIGKILL');
    expect(gone(second.services)).toBe(false);

    const third = await startServices({ ...options(stateDir), fresh: true, log });
    expect(gone(second.services)).toBe(true);
    expect(lines).toContain(`ended kafka (process ${second.services.pids.kafka}), left over from an earlier start`);
    expect(await traces(third)).toEqual({ topics: [], subjects: [], tables: [] });
    await third.stop();
    await third.stop();
    expect(gone(third)).toBe(true);
    expect(readdirSync(stateDir).toSorted()).toEqual(['kafka', 'logs', 'ports.json', 'postgres', 'registry']);
  }, 300_000);

  test('that cannot all start are all stopped, and the state is free for the next start', async () => {
    const stateDir = join(emptyFolder(), 'state');
    mkdirSync(stateDir);
    writeFileSync(join(stateDir, 'registry'), 'a file where a folder should be');
    await expect(startServices({ ...options(stateDir), log: () => undefined })).rejects.toThrow('EEXIST');
    const ports: Record<string, number> = JSON.parse(readFileSync(join(stateDir, 'ports.json'), 'utf8'));
    expect(await Promise.all(Object.values(ports).map(isFree))).toEqual([true, true, true]);
    expect(readdirSync(stateDir)).not.toContain('lock');
  }, 120_000);

  test('do not start on a configured port that somebody else has', async () => {
    const postgres = Number(new URL(databaseUrl()).port);
    const start = startServices({ ...options(emptyFolder()), ports: { postgres }, log: () => undefined });
    await expect(start).rejects.toThrow(`Port ${postgres}, configured for postgres, is in use.`);
  }, 120_000);
});
