/** The services that may come from outside, from a container or from this machine. */
export const SERVICES = ['kafka', 'registry', 'postgres'] as const;
export type ServiceName = (typeof SERVICES)[number];

/** The environment variable that names a service that runs already. */
export const VARIABLE: Record<ServiceName, string> = {
  kafka: 'KAFKA_BROKERS',
  registry: 'SCHEMA_REGISTRY_URL',
  postgres: 'DATABASE_URL',
};

/** Where a service comes from. */
export type Door =
  | { readonly kind: 'given'; readonly address: string }
  | { readonly kind: 'docker' }
  | { readonly kind: 'machine' }
  | { readonly kind: 'none'; readonly lacking: string };

/** What this machine lacks to run each service by itself; null where it lacks nothing. */
export type Found = Record<ServiceName, string | null>;

export type Doors = Record<ServiceName, Door>;

const doorOf = (given: string, dockerAnswers: boolean, lacking: string | null): Door => {
  if (given !== '') return { kind: 'given', address: given };
  if (dockerAnswers) return { kind: 'docker' };
  return lacking === null ? { kind: 'machine' } : { kind: 'none', lacking };
};

/** Chooses for each service, on its own: its environment variable, else a Docker engine that answers, else this machine. */
export const chooseDoor = (env: NodeJS.ProcessEnv, dockerAnswers: boolean, found: Found): Doors => {
  const door = (name: ServiceName) => doorOf((env[VARIABLE[name]] ?? '').trim(), dockerAnswers, found[name]);
  return { kafka: door('kafka'), registry: door('registry'), postgres: door('postgres') };
};

const title: Record<ServiceName, string> = { kafka: 'Kafka', registry: 'the schema registry', postgres: 'Postgres' };

/** One text that names the services without a door and the three ways to get them; null when every service has one. */
export const explainMissing = (doors: Doors): string | null => {
  const missing = SERVICES.flatMap((name) => {
    const door = doors[name];
    return door.kind === 'none' ? [{ name, lacking: door.lacking }] : [];
  });
  if (missing.length === 0) return null;
  return [
    'Some services cannot be started here:',
    ...missing.map(({ name, lacking }) => `  ${title[name]}: ${lacking}`),
    'There are three ways to get them:',
    `  1. Name what runs already: ${missing.map(({ name }) => `export ${VARIABLE[name]}=…`).join(' ; ')}`,
    '  2. Start a Docker engine, so that this answers: docker version',
    '  3. Let this machine run them, with Java 21 or newer (17 at least) and Maven:',
    '       Debian, Ubuntu   sudo apt-get install -y maven default-jdk-headless',
    '       Fedora           sudo dnf install -y maven java-21-openjdk-headless',
    '       macOS            brew install maven openjdk',
  ].join('\n');
};
