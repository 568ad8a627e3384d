import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Java } from './java.ts';
import { freePort } from './ports.ts';
import { untilReady } from './ready.ts';
import { fetchRegistry, type RegistryRelease, registryFolder } from './registry-release.ts';
import { type Place, type Started, startedHere } from './started.ts';
import { startSupervised } from './supervised.ts';

/** Where Apicurio answers in the words of Confluent's schema registry. */
export const confluentPath = '/apis/ccompat/v7';

/**
 * Confluent's default compatibility is BACKWARD, Apicurio's is NONE.
 * Only NONE is replaced: what an operator has set since survives a restart.
 */
export const useConfluentDefault = async (address: string): Promise<void> => {
  const asked = await fetch(`${address}/config`);
  const answer = (await asked.json()) as { compatibilityLevel?: string };
  if (answer.compatibilityLevel !== undefined && answer.compatibilityLevel !== 'NONE') return;
  const put = await fetch(`${address}/config`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ compatibility: 'BACKWARD' }),
  });
  if (!put.ok) throw new Error(`the schema registry refused its default compatibility: HTTP ${put.status}`);
};

/** Starts Apicurio Registry on `127.0.0.1:port` with the schemas of its last start; fetches it first if need be. */
export const startRegistry = async (java: Java, release: RegistryRelease, place: Place): Promise<Started> => {
  await fetchRegistry(place.downloads, release);
  await mkdir(place.data, { recursive: true });
  // Health has a listener of its own, on all interfaces and port 9000 unless told otherwise.
  const health = await freePort();
  const service = await startSupervised({
    command: java.path,
    args: [
      ...['-Xmx256m', '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC'],
      '-Djava.util.logging.manager=org.jboss.logmanager.LogManager',
      '-jar',
      join(registryFolder(place.downloads, release), release.jar),
    ],
    env: {
      QUARKUS_HTTP_HOST: '127.0.0.1',
      QUARKUS_HTTP_PORT: String(place.port),
      QUARKUS_MANAGEMENT_HOST: '127.0.0.1',
      QUARKUS_MANAGEMENT_PORT: String(health),
      ...release.storage(`jdbc:h2:file:${join(place.data, 'registry')}`),
    },
    log: place.log,
    signal: 'SIGTERM',
    graceMs: 10_000,
  });
  const address = `http://127.0.0.1:${place.port}${confluentPath}`;
  const answers = async () => (await fetch(`${address}/subjects`, { signal: AbortSignal.timeout(2000) })).ok;
  place.spawned(service);
  await untilReady('The schema registry', service, place.log, answers);
  await useConfluentDefault(address);
  return startedHere(address, service);
};
