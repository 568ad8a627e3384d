import type { ServiceName } from './doors.ts';
import { localFailure } from './failure.ts';
import { type Java, javaOf } from './java.ts';
import { startKafka } from './kafka.ts';
import { type PostgresSettings, startPostgres } from './postgres.ts';
import { startRegistry } from './registry.ts';
import { releaseFor } from './registry-release.ts';
import type { Place, Started } from './started.ts';

const noJava = () => localFailure('There is no Java 17 or newer on this machine.');

const kafka = (javas: readonly Java[], place: Place): Promise<Started> => {
  const java = javaOf(javas, 17);
  if (java === null) throw noJava();
  return startKafka(java, place);
};

const registry = (javas: readonly Java[], place: Place): Promise<Started> => {
  const chosen = releaseFor(javas);
  if (chosen === null) throw noJava();
  return startRegistry(chosen.java, chosen.release, place);
};

/** Starts one service as a process of this machine and returns when it answers. */
export const startHere = async (
  name: ServiceName,
  place: Place,
  settings: PostgresSettings & { readonly javas: readonly Java[] },
): Promise<Started> => {
  if (name === 'postgres') return startPostgres(place, settings);
  return name === 'kafka' ? kafka(settings.javas, place) : registry(settings.javas, place);
};
