import { writeFileSync } from 'node:fs';
import { isLocalFailure } from '#local/failure.ts';
import { startServices } from '#local/services.ts';

// Keeps one set of services up for many test runs: `node test/support/serve.ts`, then `source .linernotes/dev/env` in
// the shell of the tests. With a file as argument the export lines are written there too. ^C or SIGTERM ends it.

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const serve = async (file: string): Promise<void> => {
  const services = await startServices({
    stateDir: '.linernotes/dev',
    downloads: '.linernotes/downloads',
    env: process.env,
    fresh: true,
    durable: false,
    log: (line) => say(`# ${line}`),
  });
  const lines = [
    `export KAFKA_BROKERS='${services.kafkaBrokers.join(',')}'`,
    `export SCHEMA_REGISTRY_URL='${services.schemaRegistryUrl}'`,
    `export DATABASE_URL='${services.databaseUrl}'`,
    `export CHROMIUM_PATH='${services.chromiumPath}'`,
  ].join('\n');
  writeFileSync(file, `${lines}\n`, { mode: 0o600 });
  say(lines);
  say(`# written to ${file}; services run until ^C`);
  const stop = async (): Promise<void> => {
    say('# stopping');
    await services.stop();
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, stop);
  // Nothing else holds this process: the services are children whose end we do not wait for.
  setInterval(() => undefined, 60_000);
};

await serve(process.argv[2] ?? '.linernotes/dev/env').catch((error: unknown) => {
  say(isLocalFailure(error) ? error.message : String(error));
  process.exit(1);
});
