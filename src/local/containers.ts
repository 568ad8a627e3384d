import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { KafkaContainer } from '@testcontainers/kafka';
import { PostgreSqlContainer } from '@testcontainers/postgresql';
import { GenericContainer, getContainerRuntimeClient, Wait } from 'testcontainers';
import type { ServiceName } from './doors.ts';
import { confluentPath, useConfluentDefault } from './registry.ts';
import type { Started } from './started.ts';

// Written against testcontainers 12.2 and read with care, but never run against an engine: the machine this was
// built on has none. Testcontainers' own reaper removes the containers when this process dies; named volumes keep the data.

/** Only Confluent's images work with `KafkaContainer`; from 8.0 on it starts them without ZooKeeper. */
const KAFKA_IMAGE = 'confluentinc/cp-kafka:8.1.0';
const REGISTRY_IMAGE = 'apicurio/apicurio-registry:3.3.3';
const POSTGRES_IMAGE = 'postgres:18';

/** The volume of a service: one per state folder, so that two checkouts do not share data. */
const volume = (stateDir: string, name: ServiceName): string =>
  `linernotes-${createHash('sha256').update(resolve(stateDir)).digest('hex').slice(0, 12)}-${name}`;

const started = (address: string, container: { stop(): Promise<unknown> }): Started => ({
  address,
  process: null,
  stop: async () => {
    await container.stop();
  },
});

const kafka = async (stateDir: string): Promise<Started> => {
  const container = await new KafkaContainer(KAFKA_IMAGE)
    .withEnvironment({
      // Three by default, which the container does not lower: the first transaction would wait for ever.
      KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: '1',
      KAFKA_AUTO_CREATE_TOPICS_ENABLE: 'false',
      KAFKA_MESSAGE_MAX_BYTES: String(4 * 1024 * 1024 + 64 * 1024),
    })
    .withBindMounts([{ source: volume(stateDir, 'kafka'), target: '/var/lib/kafka/data', mode: 'rw' }])
    .start();
  return started(`${container.getHost()}:${container.getMappedPort(9093)}`, container);
};

const registry = async (stateDir: string): Promise<Started> => {
  const container = await new GenericContainer(REGISTRY_IMAGE)
    .withEnvironment({
      APICURIO_DATASOURCE_URL: 'jdbc:h2:file:/data/registry',
      APICURIO_CCOMPAT_MAX_SUBJECTS: '100000',
    })
    // The image's own account cannot write to a new volume.
    .withUser('root')
    .withBindMounts([{ source: volume(stateDir, 'registry'), target: '/data', mode: 'rw' }])
    .withExposedPorts(8080)
    .withWaitStrategy(Wait.forHttp(`${confluentPath}/subjects`, 8080).withStartupTimeout(120_000))
    .start();
  const address = `http://${container.getHost()}:${container.getMappedPort(8080)}${confluentPath}`;
  await useConfluentDefault(address);
  return started(address, container);
};

const postgres = async (stateDir: string): Promise<Started> => {
  const container = await new PostgreSqlContainer(POSTGRES_IMAGE)
    .withDatabase('linernotes')
    .withUsername('linernotes')
    .withPassword('linernotes')
    .withEnvironment({ POSTGRES_INITDB_ARGS: '--locale-provider=builtin --builtin-locale=C.UTF-8 --encoding=UTF8' })
    // Since version 18 the image keeps its data one level up, in a folder per version.
    .withBindMounts([{ source: volume(stateDir, 'postgres'), target: '/var/lib/postgresql', mode: 'rw' }])
    .start();
  return started(container.getConnectionUri(), container);
};

const start = { kafka, registry, postgres };

/** Starts one service as a container, with the data of its last start. */
export const startContainer = (name: ServiceName, stateDir: string): Promise<Started> => start[name](stateDir);

/** Deletes the volume of one service; no volume is fine too. */
export const dropVolume = async (name: ServiceName, stateDir: string): Promise<void> => {
  const { container } = await getContainerRuntimeClient();
  const found = container.dockerode.getVolume(volume(stateDir, name));
  await found.remove({ force: true }).catch((error: { statusCode?: number }) => {
    if (error.statusCode !== 404) throw error;
  });
};
