import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fillOnce, sha256Of } from './download.ts';
import { localFailure } from './failure.ts';
import { type Java, javaOf } from './java.ts';
import { mavenDependency } from './maven.ts';
import { run } from './run.ts';

/** One published, ready-built Apicurio Registry on Maven Central (artifact `apicurio-registry-app`, classifier `all`). */
export type RegistryRelease = {
  readonly version: string;
  readonly sha256: string;
  readonly jar: string;
  readonly leastJava: number;
  /** Its settings for a database file, as environment variables: the names changed with line 3. */
  storage(databaseUrl: string): Record<string, string>;
};

const line3: RegistryRelease = {
  version: '3.3.3',
  sha256: '8bc6751c76d963734224b01d5e7f84ccb3cb61c87d3bd77c36c35f10a5cbed63',
  jar: 'quarkus-run.jar',
  leastJava: 21,
  storage: (databaseUrl) => ({
    APICURIO_DATASOURCE_URL: databaseUrl,
    // It opens 20 connections by default, which is most of its start-up.
    APICURIO_DATASOURCE_JDBC_INITIAL_SIZE: '1',
    APICURIO_DATASOURCE_JDBC_MIN_SIZE: '1',
    APICURIO_DATASOURCE_JDBC_MAX_SIZE: '10',
    // It refuses the 1001st subject by default.
    APICURIO_CCOMPAT_MAX_SUBJECTS: '100000',
  }),
};

/** The last line that runs on Java 17. */
const line2: RegistryRelease = {
  version: '2.6.13.Final',
  sha256: '3cda1b34aa020fb4ac4dd6a66018d757e81e437f97e20a1f92d366b70091c6ba',
  jar: 'apicurio-registry-app-2.6.13.Final-runner.jar',
  leastJava: 17,
  storage: (databaseUrl) => ({
    QUARKUS_DATASOURCE_JDBC_URL: databaseUrl,
    QUARKUS_DATASOURCE_JDBC_INITIAL_SIZE: '1',
    QUARKUS_DATASOURCE_JDBC_MIN_SIZE: '1',
    QUARKUS_DATASOURCE_JDBC_MAX_SIZE: '10',
  }),
};

/** The newest release one of these runtimes can run, with that runtime; null if there is none. */
export const releaseFor = (javas: readonly Java[]): { release: RegistryRelease; java: Java } | null => {
  for (const release of [line3, line2]) {
    const java = javaOf(javas, release.leastJava);
    if (java !== null) return { release, java };
  }
  return null;
};

/** Where a release lies once it is unpacked. */
export const registryFolder = (downloads: string, release: RegistryRelease): string =>
  join(downloads, `apicurio-registry-${release.version}`);

/** Fetches a release (about 150 MB) by Maven, checks it and unpacks it; does nothing if it is there. */
export const fetchRegistry = (downloads: string, release: RegistryRelease): Promise<void> =>
  fillOnce(registryFolder(downloads, release), async (part) => {
    const artifact = `io.apicurio:apicurio-registry-app:${release.version}:tar.gz:all`;
    await mavenDependency('copy', [`-Dartifact=${artifact}`, `-DoutputDirectory=${part}`], 'the schema registry');
    const archive = join(part, `apicurio-registry-app-${release.version}-all.tar.gz`);
    const sum = await sha256Of(archive);
    if (sum !== release.sha256) throw localFailure(`${artifact} has SHA-256 ${sum}, expected ${release.sha256}`);
    const unpacked = await run('tar', ['xzf', archive, '-C', part]);
    if (!unpacked.ok) throw localFailure(`The schema registry could not be unpacked:\n${unpacked.output}`);
    await rm(archive);
  });
