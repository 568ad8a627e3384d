import type { Log } from '#adapters/registry/persist.ts';
import { type RegistryRest, registryRest } from '#adapters/registry/rest.ts';
import { shippedSchemas, subjectOf } from '#adapters/registry/shipped.ts';
import type { Avro } from '#track/avro.ts';
import { type Breach, breachesBetween } from './differences.ts';
import { undocumented } from './documented.ts';

/** The only level that means anything for a log which is read from its beginning by readers we do not know. */
export const LEVEL = 'FULL_TRANSITIVE';

export type SchemasOptions = {
  /** The Confluent API of the registry. */
  readonly url: string;
  readonly log: Log;
  /** Stands before every topic and so before every subject; '' by default. */
  readonly prefix?: string;
};

/**
 * How a shipped schema stands to the live registry: `registered` it is there · `new` its subject is not there yet · `compatible` it
 * would be accepted as the next version · `unguarded` the same, but the subject's level is not FULL_TRANSITIVE · `refused` it would
 * not be accepted, or a field lacks its sentence.
 */
export type SchemaState = 'registered' | 'new' | 'compatible' | 'unguarded' | 'refused';

export type SchemaFinding = {
  readonly subject: string;
  readonly state: SchemaState;
  readonly id: number | null;
  readonly breaches: readonly Breach[];
};

/**
 * Compares every shipped schema with the live registry and changes nothing.
 * @throws when the registry does not answer
 */
export async function checkSchemas({ url, log, prefix = '' }: SchemasOptions): Promise<readonly SchemaFinding[]> {
  const rest = registryRest(url, log);
  return Promise.all(shippedSchemas().map(({ topic, text }) => finding(rest, subjectOf(prefix + topic), text)));
}

async function finding(rest: RegistryRest, subject: string, text: string): Promise<SchemaFinding> {
  const history = await rest.history(subject);
  const schema: Avro = JSON.parse(text);
  const breaches = [...silences(schema), ...against(history, schema)];
  const id = history.length === 0 ? null : await rest.find(subject, text);
  if (history.length > 0 && id === null && breaches.length === 0) {
    breaches.push(...(await verdictOf(rest, subject, text)));
  }
  if (breaches.length > 0) return { subject, state: 'refused', id, breaches };
  if (history.length === 0) return { subject, state: 'new', id, breaches };
  const unguarded = await levelOf(rest, subject);
  if (unguarded.length > 0) return { subject, state: 'unguarded', id, breaches: unguarded };
  return { subject, state: id === null ? 'compatible' : 'registered', id, breaches };
}

const silences = (schema: Avro): readonly Breach[] =>
  undocumented(schema).map((field) => ({
    field,
    problem: 'has no doc',
    mend: 'give it a sentence with its unit and source in src/track, then `npm run schemas:generate`',
  }));

/** What stands against each version, each said once. */
function against(history: readonly string[], schema: Avro): readonly Breach[] {
  const all = history.flatMap((version) => breachesBetween(JSON.parse(version), schema));
  return [...new Map(all.map((breach) => [`${breach.field} ${breach.problem}`, breach])).values()];
}

async function levelOf(rest: RegistryRest, subject: string): Promise<readonly Breach[]> {
  const level = await rest.level(subject);
  if (level === LEVEL) return [];
  const problem = `its compatibility level is ${level ?? "the registry's default"}, not ${LEVEL}`;
  return [{ field: '(the subject itself)', problem, mend: 'run `linernotes schemas register`' }];
}

async function verdictOf(rest: RegistryRest, subject: string, text: string): Promise<readonly Breach[]> {
  const verdict = await rest.test(subject, text);
  if (verdict.accepted) return [];
  const problem = `the registry refuses it beside the versions it has: ${verdict.reasons.join('; ') || 'no reason given'}`;
  return [
    { field: '(the schema)', problem, mend: 'compare it with the last version and only add fields with a default' },
  ];
}
