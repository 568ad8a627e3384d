import { type RegistryRest, registryRest } from '#adapters/registry/rest.ts';
import { shippedSchemas, subjectOf } from '#adapters/registry/shipped.ts';
import { checkSchemas, LEVEL, type SchemaFinding, type SchemasOptions } from './check.ts';

/**
 * Registers every shipped schema under its subject at level FULL_TRANSITIVE. May run in any number of processes at once, and again.
 * @returns one finding a schema: `registered` with its id, or `refused` with the reasons; when one is refused, nothing is registered
 * @throws when the registry does not answer
 */
export async function registerSchemas(options: SchemasOptions): Promise<readonly SchemaFinding[]> {
  const before = await checkSchemas(options);
  if (before.some(({ state }) => state === 'refused')) return before;
  const rest = registryRest(options.url, options.log);
  const texts = new Map(shippedSchemas().map(({ topic, text }) => [subjectOf((options.prefix ?? '') + topic), text]));
  const findings: SchemaFinding[] = [];
  // One after the other: the same text goes under several subjects, and registries number texts as they come.
  for (const found of before) {
    const done = found.state === 'registered';
    findings.push(done ? found : await registered(rest, found.subject, texts.get(found.subject) ?? ''));
  }
  return findings;
}

/** The level comes first, so that the first version of another process is already judged by it; where that cannot be, right after. */
async function registered(rest: RegistryRest, subject: string, text: string): Promise<SchemaFinding> {
  const levelled = await rest.setLevel(subject, LEVEL);
  const answer = await rest.register(subject, text);
  if ('refused' in answer) {
    const mend = 'run `linernotes schemas check` to see the fields';
    return {
      subject,
      state: 'refused',
      id: null,
      breaches: [{ field: '(the schema)', problem: answer.refused, mend }],
    };
  }
  if (!levelled) await rest.setLevel(subject, LEVEL);
  return { subject, state: 'registered', id: answer.id, breaches: [] };
}
