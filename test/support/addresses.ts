import { inject } from 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    kafkaBrokers: readonly string[];
    schemaRegistryUrl: string;
    databaseUrl: string;
    chromiumPath: string;
    chromiumArgs: readonly string[];
  }
}

/** `host:port` of each broker of this run. */
export const kafkaBrokers = (): string[] => [...inject('kafkaBrokers')];

/** Base URL of this run's schema registry, good for `@kafkajs/confluent-schema-registry`. */
export const schemaRegistryUrl = (): string => inject('schemaRegistryUrl');

/** `postgres://` URL of this run's superuser; tests take a database of their own by `freshDatabase`. */
export const databaseUrl = (): string => inject('databaseUrl');

/** The browser's program, for `puppeteer.launch({ executablePath })`. */
export const chromiumPath = (): string => inject('chromiumPath');

/** What the browser must be launched with on this machine, for `puppeteer.launch({ args })`. */
export const chromiumArgs = (): string[] => [...inject('chromiumArgs')];
