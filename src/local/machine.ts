import { existsSync } from 'node:fs';
import type { Found } from './doors.ts';
import { type Java, javaOf } from './java.ts';
import { kafkaFolder } from './kafka.ts';
import { hasMaven } from './maven.ts';
import { postgresProgram } from './postgres-program.ts';
import { registryFolder, releaseFor } from './registry-release.ts';

const lackingFor = (java: Java | null, fetched: boolean, maven: boolean): string | null => {
  if (java === null) return 'no Java 17 or newer in JAVA_HOME, on the PATH or in /usr/lib/jvm';
  return fetched || maven ? null : 'Maven (mvn) is not on the PATH, and nothing has been fetched yet';
};

/** What this machine lacks to run each service by itself. Maven is only asked for while something is to be fetched. */
export const searchMachine = async (javas: readonly Java[], downloads: string): Promise<Found> => {
  const chosen = releaseFor(javas);
  const kafkaFetched = existsSync(kafkaFolder(downloads));
  const registryFetched = chosen !== null && existsSync(registryFolder(downloads, chosen.release));
  const maven = (kafkaFetched && registryFetched) || (await hasMaven());
  const postgres = await postgresProgram().then(
    () => null,
    (error: Error) => error.message,
  );
  return {
    kafka: lackingFor(javaOf(javas, 17), kafkaFetched, maven),
    registry: lackingFor(chosen?.java ?? null, registryFetched, maven),
    postgres,
  };
};
