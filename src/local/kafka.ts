import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Kafka, logLevel } from 'kafkajs';
import { fillOnce } from './download.ts';
import { bareEnvironment } from './environment.ts';
import { localFailure } from './failure.ts';
import type { Java } from './java.ts';
import { kafkaProperties } from './kafka-properties.ts';
import { mavenDependency } from './maven.ts';
import { freePort } from './ports.ts';
import { untilReady } from './ready.ts';
import { run } from './run.ts';
import { type Place, type Started, startedHere } from './started.ts';
import { startSupervised } from './supervised.ts';

const pom = fileURLToPath(new URL('./kafka-pom.xml', import.meta.url));

/** Where the broker's jars lie once they are fetched. */
export const kafkaFolder = (downloads: string): string => join(downloads, 'kafka-4.1.0');

/** Fetches the broker's jars (43 MB) by Maven; does nothing if they are there. */
export const fetchKafka = (downloads: string): Promise<void> =>
  fillOnce(kafkaFolder(downloads), (part) =>
    mavenDependency('copy-dependencies', ['-f', pom, `-DoutputDirectory=${part}`, '-DincludeScope=runtime'], 'Kafka'),
  );

/** Start-up counts here, peak throughput does not: the quick compiler and the small collector start in half the time. */
const jvm = [
  '-Xmx512m',
  '-XX:TieredStopAtLevel=1',
  '-XX:+UseSerialGC',
  '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
];

const format = async (java: Java, classPath: string, properties: string): Promise<void> => {
  // The form Kafka's own tool gives: 16 bytes as URL-safe base64, not beginning with a dash.
  const clusterId = `L${randomBytes(16).toString('base64url').slice(1)}`;
  const args = [...jvm, '-cp', classPath, 'kafka.tools.StorageTool', 'format', '-t', clusterId, '-c', properties];
  const done = await run(java.path, args, { env: bareEnvironment(process.env) });
  if (!done.ok) throw localFailure(`Kafka's data folder could not be prepared:\n${done.output.slice(-2000)}`);
};

const answers = (address: string) => async (): Promise<boolean> => {
  const kafka = new Kafka({
    brokers: [address],
    logLevel: logLevel.NOTHING,
    retry: { retries: 0 },
    connectionTimeout: 500,
  });
  const admin = kafka.admin();
  try {
    await admin.connect();
    return (await admin.describeCluster()).brokers.length > 0;
  } finally {
    await admin.disconnect();
  }
};

/** Starts Kafka 4.1 (KRaft, one node) on `127.0.0.1:port`, with the data of its last start; fetches it first if need be. */
export const startKafka = async (java: Java, place: Place): Promise<Started> => {
  await fetchKafka(place.downloads);
  await mkdir(place.data, { recursive: true });
  const properties = join(place.data, 'server.properties');
  const data = join(place.data, 'log');
  const controllerPort = await freePort();
  await writeFile(properties, kafkaProperties({ data, port: place.port, controllerPort }));
  const classPath = join(kafkaFolder(place.downloads), '*');
  if (!existsSync(join(data, 'meta.properties'))) await format(java, classPath, properties);
  const service = await startSupervised({
    command: java.path,
    args: [...jvm, '-cp', classPath, 'kafka.Kafka', properties],
    log: place.log,
    signal: 'SIGTERM',
    graceMs: 15_000,
  });
  const address = `127.0.0.1:${place.port}`;
  place.spawned(service);
  await untilReady('Kafka', service, place.log, answers(address));
  return startedHere(address, service);
};
